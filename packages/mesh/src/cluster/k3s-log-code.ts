/**
 * What a log of k3s says, as a code that has a fix. The sentences are k3s', flannel's, kubelet's and etcd's own, so a node sends its
 * last lines as they are and nothing is guessed there. The last one that is known counts: k3s starts again and again.
 */
import type { CLUSTER_FAILURES } from './cluster-failure-fix.ts'
import type { PreflightCode } from './preflight-codes.ts'

export type LogCode = keyof typeof CLUSTER_FAILURES | PreflightCode

const SAYINGS: readonly (readonly [RegExp, LogCode])[] = [
  [/Node password rejected|node-password\.k3s.*(rejected|mismatch)/i, 'node-password'],
  [/critical configuration (value )?mismatch/i, 'config-mismatch'],
  [/CA hash does not match|token CA hash/i, 'ca-mismatch'],
  [/x509: certificate signed by unknown authority/, 'ca-mismatch'],
  [/bootstrap token.*(expired|not found|invalid)|token .*expired/i, 'token-expired'],
  [/unable to use bootstrap token|bootstrap token .*server/i, 'server-needs-server-token'],
  [/(401 Unauthorized|not authorized|invalid token|Bad credentials|403 Forbidden)/i, 'token-wrong'],
  [/incompatible down-level server/i, 'version-skew'],
  [/failed to validate nodeIP|not found in the host's network interfaces/i, 'node-address-missing'],
  [/unable to find (the )?interface|failed to find (the )?interface/i, 'node-address-missing'],
  [/learner|too many learner members|etcdserver: re-?configuration/i, 'etcd-busy'],
  [/no space left on device|disk quota exceeded/i, 'disk-full'],
  [/bind: address already in use|listen .*address already in use/i, 'port-in-use'],
  [/no default routes? found/i, 'no-default-route'],
  [
    /failed to find (memory|cpu|cpuset|pids) cgroup|cgroup v1 (support is|is not supported)|kubelet is configured to not run on a host using cgroup v1/i,
    'cgroup-missing',
  ],
  [
    /invalid (egress-selector-mode|cluster-cidr|service-cidr|cluster-dns address|port range|flannel-backend)|flag provided but not defined|--server is required/i,
    'config-refused',
  ],
  [/PublicIP differs from interface IP/i, 'config-refused'],
  [
    /(failed to get CA certs|connection refused|i\/o timeout|no route to host|context deadline exceeded).*6443|6443.*(connection refused|i\/o timeout|no route to host)/i,
    'api-unreachable',
  ],
  [/ErrImagePull|ImagePullBackOff|failed to pull (and unpack )?image/i, 'image-pull'],
]

export function k3sLogCode(log: string): LogCode | null {
  const lines = log.slice(-65_536).split('\n')
  for (const line of lines.reverse()) {
    const text = line.slice(0, 2000)
    for (const [saying, code] of SAYINGS) if (saying.test(text)) return code
  }
  return null
}
