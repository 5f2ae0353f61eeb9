import { expect, test } from 'vitest'
import { parsePrefix } from '../ip/prefix.ts'
import { type ClusterContext, checkCluster } from './check-cluster.ts'
import { RESERVED } from './check-extra-arguments.ts'
import { type ClusterSettings, CRITICAL_KEYS, defaultClusterSettings } from './cluster-settings.ts'
import { findFlag } from './k3s-flags.ts'

const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
const context: ClusterContext = {
  overlay4: prefix('10.77.0.0/16'),
  ula: prefix('fd12:3456:789a::/48'),
  mtu: 1420,
  taken: [{ prefix: prefix('192.168.1.0/24'), by: 'the LAN of home-1' }],
  servers: 1,
  nodes: 3,
}
const hash = 'ab'.repeat(32)
const good: ClusterSettings = {
  ...defaultClusterSettings('prod', { kind: 'version', version: 'v1.36.2+k3s1' }),
  installer: { source: 'https://raw.githubusercontent.com/k3s-io/k3s/v1.36.2+k3s1/install.sh', sha256: hash },
}
const check = (change: Partial<ClusterSettings>, around: Partial<ClusterContext> = {}) =>
  checkCluster({ ...good, ...change }, { ...context, ...around })

test('good settings have no findings', () => {
  expect(check({})).toEqual([])
  expect(
    check(
      { podRange6: 'fd00:42::/56', serviceRange6: 'fd00:43::/112', flannelIpv6Masq: true, datastore: 'etcd' },
      { servers: 3 },
    ),
  ).toEqual([])
  expect(
    check({
      flannelBackend: 'none',
      disable: ['traefik', 'servicelb'],
      clusterDns: '10.43.0.10',
      tlsSans: ['k3s.example.org', '203.0.113.7'],
    }),
  ).toEqual([])
})

test.each<{
  it: string
  change: Partial<ClusterSettings>
  around?: Partial<ClusterContext>
  field: string
  text: string
}>([
  {
    it: 'pods in the overlay',
    change: { podRange4: '10.77.0.0/17' },
    field: 'podRange4',
    text: "10.77.0.0/16, the network's own range",
  },
  {
    it: 'pods in a LAN',
    change: { podRange4: '192.168.0.0/16' },
    field: 'podRange4',
    text: '192.168.1.0/24, the LAN of home-1',
  },
  {
    it: 'services in the pods',
    change: { serviceRange4: '10.42.128.0/17' },
    field: 'serviceRange4',
    text: 'meets 10.42.0.0/16, the pod range',
  },
  {
    it: 'IPv6 pods in the overlay',
    change: { podRange6: 'fd12:3456:789a::/56', serviceRange6: 'fd00:43::/112' },
    field: 'podRange6',
    text: "fd12:3456:789a::/48, the network's own range",
  },
  {
    it: 'a service range too wide',
    change: { serviceRange4: '11.0.0.0/8' },
    field: 'serviceRange4',
    text: 'wider than /12',
  },
  {
    it: 'an IPv6 service range too wide',
    change: { podRange6: 'fd00:42::/56', serviceRange6: 'fd00:43::/64' },
    field: 'serviceRange6',
    text: 'wider than /108',
  },
  {
    it: 'a service range too narrow',
    change: { serviceRange4: '10.43.0.0/28' },
    field: 'serviceRange4',
    text: 'no room for services',
  },
  {
    it: 'an IPv6 pod range too wide',
    change: { podRange6: 'fd00::/40', serviceRange6: 'fd01:43::/112' },
    field: 'podRange6',
    text: 'wider than /48',
  },
  {
    it: 'less than a share of pods',
    change: { podRange4: '10.42.0.0/25' },
    field: 'podRange4',
    text: 'smaller than the /24',
  },
  {
    it: 'more nodes than shares',
    change: { podRange4: '10.42.0.0/23' },
    field: 'podRange4',
    text: 'room for 2 nodes, and there are 3',
  },
  {
    it: 'IPv6 pods without services',
    change: { podRange6: 'fd00:42::/56' },
    field: 'serviceRange6',
    text: 'same address families',
  },
  { it: 'host bits', change: { podRange4: '10.42.0.1/16' }, field: 'podRange4', text: 'the range is 10.42.0.0/16' },
  { it: 'the wrong family', change: { podRange4: 'fd00:42::/56' }, field: 'podRange4', text: 'not an IPv4 range' },
  {
    it: 'DNS outside of the services',
    change: { clusterDns: '10.42.0.10' },
    field: 'clusterDns',
    text: 'not in the service range',
  },
  {
    it: 'host-gw over external addresses',
    change: { flannelExternalIp: true },
    field: 'flannelExternalIp',
    text: 'flannel refuses to start',
  },
  {
    it: 'WireGuard in WireGuard',
    change: { flannelBackend: 'wireguard-native' as never },
    field: 'flannelBackend',
    text: 'a second time',
  },
  {
    it: 'an unknown backend',
    change: { flannelBackend: 'udp' as never },
    field: 'flannelBackend',
    text: 'no flannel backend "udp"',
  },
  {
    it: 'IPv6 masquerading without IPv6',
    change: { flannelIpv6Masq: true },
    field: 'flannelIpv6Masq',
    text: 'they have none',
  },
  {
    it: 'IPv6 in too small a VXLAN',
    change: { flannelBackend: 'vxlan', podRange6: 'fd00:42::/56', serviceRange6: 'fd00:43::/112' },
    around: { mtu: 1340 },
    field: 'flannelBackend',
    text: 'an MTU of 1270',
  },
  { it: 'SQLite on two servers', change: {}, around: { servers: 2 }, field: 'datastore', text: 'a file of one server' },
  {
    it: 'k3s 1.29',
    change: { release: { kind: 'version', version: 'v1.29.1+k3s1' } },
    field: 'release',
    text: 'older than what is supported',
  },
  {
    it: 'no release',
    change: { release: { kind: 'version', version: '1.33' } },
    field: 'release',
    text: 'not a release of k3s',
  },
  {
    it: 'the build of a commit',
    change: { release: { kind: 'version', version: 'v1.33.4+k3s-0badcafe' } },
    field: 'release',
    text: 'cannot be installed by name',
  },
  { it: 'no channel', change: { release: { kind: 'channel', channel: 'v1' } }, field: 'release', text: 'no channel' },
  {
    it: 'secretbox on a release without it',
    change: { release: { kind: 'version', version: 'v1.30.11+k3s1' }, secretsEncryption: 'secretbox' },
    field: 'secretsEncryption',
    text: 'came with k3s 1.30.12',
  },
  { it: 'a bad name', change: { name: 'Prod 1' }, field: 'name', text: 'lower-case' },
  { it: 'a bad domain', change: { clusterDomain: 'a b' }, field: 'clusterDomain', text: 'is no domain' },
  {
    it: 'a bad name of the API server',
    change: { tlsSans: ['https://x'] },
    field: 'tlsSans',
    text: 'neither an address nor a name',
  },
  {
    it: 'an unknown component',
    change: { disable: ['cilium' as never] },
    field: 'disable',
    text: 'no component cilium',
  },
  {
    it: 'an installer over plain HTTP',
    change: { installer: { source: 'http://get.k3s.io', sha256: hash } },
    field: 'installer',
    text: 'https address',
  },
  {
    it: 'a path that climbs',
    change: { installer: { source: '/opt/../etc/x', sha256: hash } },
    field: 'installer',
    text: 'https address',
  },
  {
    it: 'a hash too short',
    change: { installer: { source: 'https://get.k3s.io', sha256: 'abc' } },
    field: 'installer',
    text: '64 characters',
  },
  {
    it: 'a mirror without an address',
    change: { registryMirrors: [{ registry: 'docker.io', endpoints: [] }] },
    field: 'registryMirrors',
    text: 'has no mirror',
  },
  {
    it: 'a mirror twice',
    change: {
      registryMirrors: [
        { registry: 'docker.io', endpoints: ['https://a.example'] },
        { registry: 'docker.io', endpoints: ['https://b.example'] },
      ],
    },
    field: 'registryMirrors',
    text: 'comes twice',
  },
  {
    it: 'a mirror with a line break',
    change: { registryMirrors: [{ registry: 'docker.io', endpoints: ['https://a.example\n'] }] },
    field: 'registryMirrors',
    text: 'no address',
  },
])('$it is refused: $text', ({ change, around, field, text }) => {
  const refused = check(change, around).filter((finding) => finding.severity === 'refuse')
  expect(refused).toContainEqual(
    expect.objectContaining({ field, text: expect.stringContaining(text), fix: expect.stringMatching(/\.$/) }),
  )
})

test.each<{
  it: string
  change: Partial<ClusterSettings>
  around?: Partial<ClusterContext>
  field: string
  text: string
}>([
  { it: 'a channel', change: { release: { kind: 'channel', channel: 'stable' } }, field: 'release', text: 'moves' },
  {
    it: 'a release that loses flannel',
    change: { release: { kind: 'version', version: 'v1.33.4+k3s1' } },
    field: 'release',
    text: 'loses its pod network',
  },
  {
    it: 'a release from the future',
    change: { release: { kind: 'version', version: 'v1.37.0+k3s1' } },
    field: 'release',
    text: 'newer than what was read',
  },
  { it: 'vxlan', change: { flannelBackend: 'vxlan' }, field: 'flannelBackend', text: '1370 instead of 1420' },
  {
    it: 'two servers',
    change: { datastore: 'etcd' },
    around: { servers: 2 },
    field: 'datastore',
    text: 'bear the loss of 0',
  },
  {
    it: 'a nearly full pod range',
    change: { podRange4: '10.42.0.0/20' },
    around: { nodes: 14 },
    field: 'podRange4',
    text: 'room for 16 nodes',
  },
  {
    it: 'an installer that may change',
    change: { installer: { source: 'https://get.k3s.io', sha256: null } },
    field: 'installer',
    text: 'runs commands as root',
  },
  { it: 'an address without a way out', change: { airGap: true }, field: 'installer', text: 'may not reach' },
  {
    it: 'an embedded registry that shares nothing',
    change: { embeddedRegistry: true },
    field: 'embeddedRegistry',
    text: 'no image is shared',
  },
])('$it is said, and may be saved', ({ change, around, field, text }) => {
  const findings = check(change, around)
  expect(findings).toContainEqual(
    expect.objectContaining({ severity: 'warn', field, text: expect.stringContaining(text) }),
  )
  expect(findings.filter((finding) => finding.severity === 'refuse')).toEqual([])
})

test.each([
  { key: 'kubelet-arg', values: ['max-pods=50', 'v=2'], want: null },
  { key: 'etcd-snapshot-retention', values: ['7'], want: null },
  { key: 'etcd-s3-timeout', values: ['1m30s'], want: null },
  { key: 'kublet-arg', values: ['max-pods=50'], want: 'skip it with a line in its log' },
  { key: 'kubelet-arg+', values: ['max-pods=50'], want: 'skip it with a line' },
  { key: 'flannel-backend', values: ['vxlan'], want: 'must be equal on all servers' },
  { key: 'node-ip', values: ['10.0.0.1'], want: 'Spanwire sets it for each node' },
  { key: 'token', values: ['x'], want: 'it is a secret' },
  { key: 'disable-apiserver-lb', values: ['true'], want: 'only agents know' },
  { key: 'debug', values: ['yes'], want: 'takes true or false' },
  { key: 'v', values: ['-1'], want: 'a whole number' },
  { key: 'v', values: ['1', '2'], want: 'one value, not 2' },
  { key: 'etcd-s3-timeout', values: ['5'], want: 'a duration' },
  { key: 'resolv-conf', values: [], want: 'no value' },
  { key: 'resolv-conf', values: ['/etc/x\nnode-ip: 1.2.3.4'], want: 'printable ASCII' },
  { key: 'kubelet-arg', values: ['node-ip=10.0.0.1'], want: 'node-ip of the kubelet' },
  { key: 'kubelet-arg', values: ['--hostname-override=x'], want: 'hostname-override of the kubelet' },
  { key: 'helm-controller-arg', values: ['x=y'], want: 'it came with 1.34.10, 1.35.7 and 1.36.3' },
  { key: '__proto__', values: ['x'], want: 'has no "__proto__"' },
])('the argument $key $values: $want', ({ key, values, want }) => {
  const findings = check({ extraServer: Object.fromEntries([[key, values]]) })
  if (want === null) expect(findings).toEqual([])
  else
    expect(findings).toMatchObject([
      { severity: 'refuse', field: `extraServer.${key}`, text: expect.stringContaining(want) },
    ])
})

test('agents know fewer arguments', () =>
  expect(check({ extraAgent: { 'tls-san-security': ['true'] } })).toMatchObject([
    { field: 'extraAgent.tls-san-security', text: 'only servers know tls-san-security' },
  ]))

test('no critical key and no reserved one can be said of a node: all of them are flags that k3s has', () => {
  expect(Object.keys(CRITICAL_KEYS)).toHaveLength(16)
  for (const key of [...Object.keys(CRITICAL_KEYS), ...Object.keys(RESERVED)]) expect(findFlag(key), key).not.toBe(null)
})
