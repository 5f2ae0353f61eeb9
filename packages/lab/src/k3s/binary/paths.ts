import { join } from 'node:path'

/** Real names of what k3s keeps (docs/reference/…, FACTS A.5); `data` is --data-dir. */
export const paths = {
  configFile: '/etc/rancher/k3s/config.yaml',
  kubeconfig: '/etc/rancher/k3s/k3s.yaml',
  registries: '/etc/rancher/k3s/registries.yaml',
  nodePassword: '/etc/rancher/node/password',
  nodeId: '/etc/rancher/node/id',
  subnetEnv: '/run/flannel/subnet.env',
  data: '/var/lib/rancher/k3s',
  server: (data: string, name: string) => join(data, 'server', name),
  tls: (data: string, name: string) => join(data, 'server/tls', name),
  agent: (data: string, name: string) => join(data, 'agent', name),
  balancer: (data: string) => join(data, 'agent/etc/k3s-agent-load-balancer.json'),
  /** Not k3s's: what the lab does wrong on purpose, see flaws.ts. */
  flaws: '/etc/k3s-lab/flaws',
}
