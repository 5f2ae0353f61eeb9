/**
 * Arguments that the operator adds to ours. k3s would skip a key it does not know with a line in its log, take a second value for
 * ours without a word, and let one server differ from the others until it is refused; so each is looked at here.
 */

import { type ClusterFinding, refuse } from './cluster-finding.ts'
import { CRITICAL_KEYS, type ExtraArguments } from './cluster-settings.ts'
import { findFlag, hasFlag, type K3sFlag, KNOWN_MINORS, sinceText, takesFlag } from './k3s-flags.ts'
import type { K3sVersion } from './version.ts'

const OURS = 'Spanwire sets it for each node'
const SECRET = 'it is a secret, and these settings can be read by everybody who may see the cluster'

/** Keys that are refused, and why. */
export const RESERVED: Readonly<Record<string, string>> = {
  'node-ip': OURS,
  'node-name': OURS,
  'with-node-id': 'it changes the name by which Spanwire knows the node',
  'node-label': 'labels belong to the node: write them there',
  'node-taint': 'taints belong to the node: write them there',
  'node-external-ip': 'it differs from node to node, and on a server it would replace the address that agents are told',
  'advertise-address': OURS,
  'bind-address': 'it differs from node to node',
  'https-listen-port': 'Spanwire joins and checks servers at port 6443',
  'advertise-port': 'Spanwire joins and checks servers at port 6443',
  'tls-san': 'names of the API server are a field of the cluster',
  'flannel-iface': OURS,
  'flannel-conf': 'the backend is a field of the cluster',
  'flannel-cni-conf': 'the backend is a field of the cluster',
  server: OURS,
  'token-file': OURS,
  'cluster-init': 'it follows from the datastore',
  'datastore-endpoint': 'the datastore is a field of the cluster, and its address is kept encrypted',
  'private-registry': 'mirrors are a field of the cluster',
  'data-dir': 'Spanwire looks for the files of k3s in /var/lib/rancher/k3s',
  'write-kubeconfig': 'Spanwire reads /etc/rancher/k3s/k3s.yaml on servers',
  'agent-token-file': 'agents join with tokens made for one join each',
  'vpn-auth': 'k3s would set up a second VPN and take its addresses',
  'vpn-auth-file': 'k3s would set up a second VPN and take its addresses',
  'cluster-reset': 'it is an action, not a setting: k3s would forget its peers at every start',
  'cluster-reset-restore-path': 'it is an action, not a setting',
  'disable-agent': 'such a server is no node, so it could never be proved Ready',
  'disable-etcd': 'roles of servers cannot be split here',
  'disable-apiserver': 'roles of servers cannot be split here',
  'disable-controller-manager': 'roles of servers cannot be split here',
  rootless: 'k3s without root cannot use the tunnel',
  token: SECRET,
  'etcd-s3-access-key': `${SECRET}; use etcd-s3-config-secret`,
  'etcd-s3-secret-key': `${SECRET}; use etcd-s3-config-secret`,
  'etcd-s3-session-token': `${SECRET}; use etcd-s3-config-secret`,
}

/** Flags of the kubelet that say again, and otherwise, what we say. */
const KUBELET_RESERVED =
  /^-{0,2}(node-ip|hostname-override|node-labels|register-with-taints|register-node|cloud-provider|kubeconfig)(=|$)/

/** Printable ASCII: a value becomes one quoted scalar of the configuration file. */
const VALUE = /^[\x20-\x7e]{1,1000}$/

export function checkExtraArguments(
  extra: ExtraArguments,
  role: 'server' | 'agent',
  version: Pick<K3sVersion, 'minor' | 'patch'> | null,
): ClusterFinding[] {
  const field = role === 'server' ? 'extraServer' : 'extraAgent'
  return Object.entries(extra).flatMap(([key, values]) => {
    const problem = keyProblem(key, role, version) ?? valueProblem(key, values)
    return problem ? [refuse(`${field}.${key.slice(0, 60)}`, problem[0], problem[1])] : []
  })
}

type Problem = readonly [text: string, fix: string]

function keyProblem(
  key: string,
  role: 'server' | 'agent',
  version: Pick<K3sVersion, 'minor' | 'patch'> | null,
): Problem | null {
  const shown = JSON.stringify(key.slice(0, 60))
  if (Object.hasOwn(CRITICAL_KEYS, key))
    return [
      `${key} must be equal on all servers, so it is a field of the cluster`,
      'Take it out here and set the field.',
    ]
  if (Object.hasOwn(RESERVED, key)) return [`${key} cannot be set here: ${RESERVED[key]}`, 'Take it out.']
  const flag = findFlag(key)
  const minors = `1.${KNOWN_MINORS[0]} to 1.${KNOWN_MINORS.at(-1)}`
  if (!flag)
    return [
      `k3s ${minors} has no ${shown}; it would skip it with a line in its log`,
      'Write the key as docs.k3s.io/cli spells the flag, without the dashes in front.',
    ]
  if (!takesFlag(flag, role)) {
    const only = flag.on === 'agent' ? 'agents' : 'servers'
    return [`only ${only} know ${key}`, `Move it to the arguments of ${only}.`]
  }
  if (!hasFlag(flag, version))
    return [
      `k3s 1.${version?.minor}.${version?.patch} does not know ${key} yet; it came with ${sinceText(flag)}`,
      'Choose a newer release, or take it out.',
    ]
  return null
}

function valueProblem(key: string, values: readonly string[]): Problem | null {
  const flag = findFlag(key)
  if (!flag || values.length === 0) return [`${key} has no value`, 'Write one, or take the key out.']
  if (values.length > 1 && flag.kind !== 'list') return [`${key} takes one value, not ${values.length}`, 'Keep one.']
  for (const value of values) {
    if (!VALUE.test(value))
      return [
        `a value of ${key} is empty, too long or has characters other than printable ASCII`,
        'Write 1 to 1000 printable characters.',
      ]
    const example = kindExample(flag, value)
    if (example !== null)
      return [`${key} takes ${example}, not ${JSON.stringify(value.slice(0, 60))}`, `Write ${example}.`]
    if (key === 'kubelet-arg' && KUBELET_RESERVED.test(value))
      return [`${value.split('=', 1)[0]} of the kubelet cannot be set here: ${OURS}`, 'Take it out.']
  }
  return null
}

/** What the value should have been; null when it is that. */
function kindExample({ kind }: K3sFlag, value: string): string | null {
  if (kind === 'bool') return /^(true|false)$/.test(value) ? null : 'true or false'
  if (kind === 'int') return /^(0|[1-9][0-9]{0,8})$/.test(value) ? null : 'a whole number'
  if (kind === 'duration') return /^([0-9]{1,6}(ms|s|m|h))+$/.test(value) ? null : 'a duration like 5m or 1h30m'
  return null
}
