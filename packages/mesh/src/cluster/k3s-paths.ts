/** Where things of k3s are on a machine, and which of its files are ours. */

/** Drop-ins of the configuration leave the operator's own config.yaml alone; files with a higher number win over ours. */
export const CONFIG_PATH = '/etc/rancher/k3s/config.yaml.d/10-spanwire.yaml'
export const SECRETS_PATH = '/etc/rancher/k3s/config.yaml.d/11-spanwire-secrets.yaml'
export const TOKEN_PATH = '/etc/rancher/k3s/spanwire-token'
export const REGISTRIES_PATH = '/etc/rancher/k3s/registries.yaml'
/** k3s applies what lies there, on servers. */
export const MANIFESTS_PATH = '/var/lib/rancher/k3s/server/manifests'

export const API_PORT = 6443

export const unitOf = (role: 'server' | 'agent'): 'k3s' | 'k3s-agent' => (role === 'server' ? 'k3s' : 'k3s-agent')
