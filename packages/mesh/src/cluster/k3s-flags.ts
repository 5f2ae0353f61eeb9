/**
 * The flags that k3s 1.30 to 1.36 knows, as keys of its configuration file. k3s skips a key that it does not know with a warning in
 * its log and starts all the same ("Unknown flag --x found in config.yaml, skipping"), so a typing error would never be noticed.
 *
 * Read from pkg/cli/cmds/{server,agent,log}.go of k3s-io/k3s and the help texts of docs.k3s.io; when a flag came, from the release
 * notes there and from the pull request named beside it. Removed in 1.26 and therefore absent: no-flannel, no-deploy,
 * cluster-secret, disable-selinux.
 */
import { type K3sVersion, NEWEST_MINOR, OLDEST_MINOR } from './version.ts'

export type FlagKind = 'bool' | 'string' | 'list' | 'int' | 'duration'

/** `agent`: k3s agent only. Whatever an agent takes a server takes too, since it runs one, except for those. */
export type FlagRole = 'server' | 'agent' | 'both'

/** The first patch release of each minor; a later minor has the flag from its start, an earlier one never got it. */
export type Since = readonly (readonly [minor: number, patch: number])[]

export type K3sFlag = {
  readonly name: string
  readonly on: FlagRole
  readonly kind: FlagKind
  /** Null: as long as these releases go back. */
  readonly since: Since | null
  /** The last minor that has it; null when none has dropped it. */
  readonly until: number | null
  readonly source: string
}

const CMDS = 'https://github.com/k3s-io/k3s/blob/master/pkg/cli/cmds'
const SERVER = `${CMDS}/server.go`
const AGENT = `${CMDS}/agent.go`
const LOG = `${CMDS}/log.go`
const pull = (number: number) => `https://github.com/k3s-io/k3s/pull/${number}`

const flags = (on: FlagRole, kind: FlagKind, source: string, names: string, since: Since | null = null): K3sFlag[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, on, kind, since, until: null, source }))

export const K3S_FLAGS: readonly K3sFlag[] = [
  ...flags('both', 'bool', LOG, 'debug alsologtostderr'),
  ...flags('both', 'int', LOG, 'v'),
  ...flags('both', 'string', LOG, 'vmodule log'),

  // Servers and agents
  ...flags(
    'both',
    'string',
    AGENT,
    'token token-file server data-dir node-name flannel-iface flannel-conf flannel-cni-conf',
  ),
  ...flags('both', 'string', AGENT, 'resolv-conf private-registry pause-image snapshotter container-runtime-endpoint'),
  ...flags('both', 'string', AGENT, 'image-service-endpoint default-runtime vpn-auth vpn-auth-file'),
  ...flags('both', 'string', AGENT, 'image-credential-provider-bin-dir image-credential-provider-config'),
  ...flags(
    'both',
    'list',
    AGENT,
    'node-ip node-external-ip node-label node-taint kubelet-arg kube-proxy-arg airgap-extra-registry',
  ),
  ...flags('both', 'bool', AGENT, 'with-node-id selinux protect-kernel-defaults docker rootless prefer-bundled-bin'),
  ...flags('both', 'bool', AGENT, 'disable-default-registry-endpoint'),
  ...flags('both', 'int', AGENT, 'lb-server-port'),
  ...flags('both', 'bool', pull(11200), 'nonroot-devices', [
    [30, 7],
    [31, 3],
    [32, 0],
  ]),
  ...flags('both', 'list', pull(10852), 'node-internal-dns node-external-dns', [
    [30, 8],
    [31, 4],
    [32, 0],
  ]),
  // On servers earlier; agents have the two since 1.30.2.
  ...flags('both', 'bool', pull(10019), 'enable-pprof', [[30, 2]]),
  ...flags('both', 'string', pull(10019), 'bind-address', [[30, 2]]),

  // Agents only
  ...flags('agent', 'bool', pull(8717), 'disable-apiserver-lb'),

  // Listeners, kubeconfig
  ...flags('server', 'int', SERVER, 'https-listen-port advertise-port'),
  ...flags('server', 'string', SERVER, 'advertise-address write-kubeconfig write-kubeconfig-mode'),
  ...flags('server', 'list', SERVER, 'tls-san'),
  ...flags('server', 'bool', SERVER, 'tls-san-security'),
  ...flags('server', 'string', pull(9233), 'write-kubeconfig-group', [[30, 2]]),

  // Networking
  ...flags('server', 'list', SERVER, 'cluster-cidr service-cidr cluster-dns'),
  ...flags('server', 'string', SERVER, 'service-node-port-range cluster-domain flannel-backend egress-selector-mode'),
  ...flags('server', 'string', SERVER, 'servicelb-namespace'),
  ...flags('server', 'bool', SERVER, 'flannel-ipv6-masq flannel-external-ip'),

  // Cluster and datastore
  ...flags('server', 'string', SERVER, 'agent-token agent-token-file cluster-reset-restore-path datastore-endpoint'),
  ...flags('server', 'string', SERVER, 'datastore-cafile datastore-certfile datastore-keyfile'),
  ...flags('server', 'bool', SERVER, 'cluster-init cluster-reset kine-tls'),
  ...flags('server', 'bool', SERVER, 'etcd-expose-metrics etcd-disable-snapshots etcd-snapshot-compress'),
  ...flags('server', 'string', SERVER, 'etcd-snapshot-name etcd-snapshot-schedule-cron etcd-snapshot-dir'),
  ...flags('server', 'int', SERVER, 'etcd-snapshot-retention'),
  ...flags('server', 'duration', pull(11881), 'etcd-snapshot-reconcile-interval', [
    [30, 11],
    [31, 7],
    [32, 3],
    [33, 0],
  ]),
  ...flags('server', 'bool', SERVER, 'etcd-s3 etcd-s3-skip-ssl-verify etcd-s3-insecure'),
  ...flags('server', 'string', SERVER, 'etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-access-key etcd-s3-secret-key'),
  ...flags('server', 'string', SERVER, 'etcd-s3-bucket etcd-s3-region etcd-s3-folder'),
  ...flags('server', 'duration', SERVER, 'etcd-s3-timeout'),
  ...flags('server', 'string', pull(10340), 'etcd-s3-proxy etcd-s3-config-secret', [[30, 3]]),
  ...flags('server', 'string', pull(11614), 'etcd-s3-session-token', [
    [30, 10],
    [31, 6],
    [32, 2],
    [33, 0],
  ]),
  ...flags('server', 'string', pull(12247), 'etcd-s3-bucket-lookup-type', [
    [30, 13],
    [31, 9],
    [32, 5],
    [33, 1],
    [34, 0],
  ]),
  ...flags('server', 'int', pull(12669), 'etcd-s3-retention', [
    [31, 12],
    [32, 8],
    [33, 4],
    [34, 0],
  ]),

  // Components
  ...flags('server', 'list', SERVER, 'disable'),
  ...flags(
    'server',
    'bool',
    SERVER,
    'disable-scheduler disable-cloud-controller disable-kube-proxy disable-network-policy',
  ),
  ...flags(
    'server',
    'bool',
    SERVER,
    'disable-helm-controller disable-apiserver disable-controller-manager disable-etcd',
  ),
  ...flags('server', 'bool', SERVER, 'disable-agent embedded-registry secrets-encryption'),
  ...flags('server', 'string', SERVER, 'helm-job-image default-local-storage-path system-default-registry'),
  ...flags('server', 'list', SERVER, 'kube-apiserver-arg etcd-arg kube-controller-manager-arg kube-scheduler-arg'),
  ...flags('server', 'list', SERVER, 'kube-cloud-controller-manager-arg kube-controller-arg kube-cloud-controller-arg'),
  ...flags('server', 'bool', pull(10019), 'supervisor-metrics', [[30, 2]]),
  ...flags('server', 'string', pull(12021), 'secrets-encryption-provider', [
    [30, 12],
    [31, 8],
    [32, 4],
    [33, 0],
  ]),
  // 1.33 got it with its second build of 1.33.13; builds are not told apart here, so 1.33 counts as without.
  ...flags('server', 'list', pull(14185), 'helm-controller-arg', [
    [34, 10],
    [35, 7],
    [36, 3],
  ]),
]

const BY_NAME: ReadonlyMap<string, K3sFlag> = new Map(K3S_FLAGS.map((flag) => [flag.name, flag]))

export const findFlag = (name: string): K3sFlag | null => BY_NAME.get(name) ?? null

export const takesFlag = (flag: K3sFlag, role: 'server' | 'agent'): boolean => flag.on === 'both' || flag.on === role

/** Whether a release has the flag. Of a channel only the minor may be known, or nothing: then any patch release will do. */
export function hasFlag(flag: K3sFlag, version: Pick<K3sVersion, 'minor' | 'patch'> | null): boolean {
  if (version === null) return true
  if (flag.until !== null && version.minor > flag.until) return false
  if (flag.since === null) return true
  const own = flag.since.find(([minor]) => minor === version.minor)
  if (own) return version.patch >= own[1]
  return version.minor > Math.max(...flag.since.map(([minor]) => minor))
}

/** "1.31.8, 1.32.4 and 1.33.0", for a sentence. */
export function sinceText(flag: K3sFlag): string {
  const releases = (flag.since ?? []).map(([minor, patch]) => `1.${minor}.${patch}`)
  return releases.length < 2
    ? (releases[0] ?? `1.${OLDEST_MINOR}`)
    : `${releases.slice(0, -1).join(', ')} and ${releases.at(-1)}`
}

export const KNOWN_MINORS: readonly number[] = Array.from(
  { length: NEWEST_MINOR - OLDEST_MINOR + 1 },
  (_, i) => OLDEST_MINOR + i,
)
