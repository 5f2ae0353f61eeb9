/** The clusters and nodes that the golden files of this folder are of. */
import type { ClusterNode } from './cluster-node.ts'
import { type ClusterSettings, defaultClusterSettings } from './cluster-settings.ts'
import type { ConfigPlace } from './config-entries.ts'
import type { ClusterSecrets } from './render-bundle-files.ts'
import type { ClusterPerson } from './render-manifests.ts'

export type GoldenCase = {
  readonly name: string
  readonly cluster: ClusterSettings
  readonly node: ClusterNode
  readonly place: ConfigPlace
  readonly secrets: ClusterSecrets
}

const SHA256 = '2a1f4e04c9d9a1d2a0aee2f2e3d3ef8f0d0a2f7d83a8d8bb1a7d9f4b6f0a6b11'
const CA = '7d5b2e6a9c1f4083b6d2a4e8f0c3957186ab24cd68ef0a1b2c3d4e5f60718293'
const NOTHING: ClusterSecrets = { datastoreEndpoint: null, token: null }

/** Two of one role, none of another. */
export const people: readonly ClusterPerson[] = [
  { id: '0198c0de-0000-7000-8000-000000000003', role: 'viewer' },
  { id: '0198c0de-0000-7000-8000-000000000001', role: 'owner' },
  { id: '0198c0de-0000-7000-8000-000000000002', role: 'viewer' },
  { id: '0198c0de-0000-7000-8000-000000000004', role: 'admin' },
]

const node = (name: string, ordinal: number, over: Partial<ClusterNode> = {}): ClusterNode => ({
  name,
  address4: `10.77.0.${ordinal}`,
  address6: `fd12:3456:789a::${ordinal}`,
  labels: {},
  taints: [],
  zone: null,
  region: null,
  ...over,
})

/** One server, everything as k3s has it. */
export const plain = defaultClusterSettings('edge', { kind: 'channel', channel: 'stable' })

/** Three servers, both families, everything said. */
export const full: ClusterSettings = {
  ...defaultClusterSettings('prod', { kind: 'version', version: 'v1.33.13+k3s1' }),
  podRange6: 'fd00:42::/56',
  serviceRange6: 'fd00:43::/112',
  clusterDns: '10.43.0.10',
  flannelIpv6Masq: true,
  egressSelectorMode: 'disabled',
  datastore: 'etcd',
  disable: ['traefik', 'servicelb'],
  disableHelmController: true,
  embeddedRegistry: true,
  secretsEncryption: 'secretbox',
  tlsSans: ['k3s.example.org', '203.0.113.7'],
  extraServer: {
    'etcd-arg': ['heartbeat-interval=200', 'election-timeout=2000'],
    'etcd-snapshot-retention': ['7'],
    'kubelet-arg': ['max-pods=200', 'node-status-update-frequency=5s'],
    'tls-san-security': ['true'],
    'write-kubeconfig-mode': ['0640'],
  },
  extraAgent: { 'kubelet-arg': ['max-pods=50'] },
  registryMirrors: [
    { registry: 'registry.example.org:5000', endpoints: ['http://192.0.2.9:5000', 'https://mirror.example.org/v2'] },
    { registry: '*', endpoints: [] },
  ],
  installer: { source: 'https://raw.githubusercontent.com/k3s-io/k3s/v1.33.13+k3s1/install.sh', sha256: SHA256 },
}

/** Nothing from outside, a database of one's own, VXLAN. */
export const walled: ClusterSettings = {
  ...defaultClusterSettings('vault', { kind: 'version', version: 'v1.30.0+k3s1' }),
  flannelBackend: 'vxlan',
  datastore: 'external',
  secretsEncryption: 'aescbc',
  airGap: true,
  installer: { source: '/opt/k3s/install.sh', sha256: SHA256 },
}

const first = (interfaceName = 'span0'): ConfigPlace => ({ role: 'server-first', interfaceName, serverAddress: null })
const joins = (role: 'server' | 'agent'): ConfigPlace => ({ role, interfaceName: 'span0', serverAddress: '10.77.0.1' })

export const GOLDEN_CASES: readonly GoldenCase[] = [
  { name: 'plain-server', cluster: plain, node: node('server-1', 1), place: first(), secrets: NOTHING },
  {
    name: 'plain-agent',
    cluster: plain,
    node: node('home-1', 2),
    place: joins('agent'),
    secrets: { datastoreEndpoint: null, token: `K10${CA}::abcdef.0123456789abcdef` },
  },
  {
    name: 'full-first-server',
    cluster: full,
    node: node('server-1', 1, {
      labels: { tier: 'control', 'example.org/rack': '2' },
      zone: 'Koge-rack-2',
      region: 'dk',
    }),
    place: first(),
    secrets: NOTHING,
  },
  {
    name: 'full-second-server',
    cluster: full,
    node: node('server-2', 3, { taints: ['node-role.example.org/etcd:NoExecute', 'dedicated=control:NoSchedule'] }),
    place: joins('server'),
    secrets: { datastoreEndpoint: null, token: `K10${CA}::server:0123456789abcdef0123456789abcdef` },
  },
  {
    name: 'full-agent',
    cluster: full,
    node: node('home-1', 2, { labels: { disk: 'ssd' }, taints: ['edge=true:NoSchedule'], zone: 'home' }),
    place: joins('agent'),
    secrets: NOTHING,
  },
  {
    name: 'walled-server',
    cluster: walled,
    node: node('vault-1', 1),
    place: first('wg0'),
    secrets: { datastoreEndpoint: 'postgres://k3s:p"a\\ss@db.example.org:5432/k3s', token: null },
  },
  {
    name: 'own-cni-agent',
    cluster: { ...plain, flannelBackend: 'none' },
    node: node('home-2', 4),
    place: joins('agent'),
    secrets: NOTHING,
  },
]
