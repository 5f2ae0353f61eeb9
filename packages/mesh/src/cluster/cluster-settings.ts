/**
 * What a cluster is told to be. Everything that must be equal on all servers is here and nowhere else: a node has no field in which
 * it could differ (docs.k3s.io/cli/server, "Critical Configuration Values"; a server that differs is refused by the others).
 */

/** A release by its name, or the newest of a channel of update.k3s.io: `stable`, `latest`, `v1.33`. */
export type Release =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'channel'; readonly channel: string }

/** `none` leaves the pod network to somebody else's CNI. */
export type FlannelBackend = 'host-gw' | 'vxlan' | 'none'
export type Datastore = 'sqlite' | 'etcd' | 'external'
export type EgressSelectorMode = 'agent' | 'cluster' | 'pod' | 'disabled'
export type SecretsEncryption = 'off' | 'aescbc' | 'secretbox'

export const COMPONENTS = ['coredns', 'servicelb', 'traefik', 'local-storage', 'metrics-server', 'runtimes'] as const
export type Component = (typeof COMPONENTS)[number]

/** Key of the configuration file to its values; one value for a flag that is no list. */
export type ExtraArguments = Readonly<Record<string, readonly string[]>>

export type RegistryMirror = { readonly registry: string; readonly endpoints: readonly string[] }

/** An address to fetch install.sh from, or its path on the machine. The hash is of the script. */
export type Installer = { readonly source: string; readonly sha256: string | null }

export type ClusterSettings = {
  readonly name: string
  readonly release: Release
  readonly podRange4: string
  /** Null together with `serviceRange6`: a cluster has IPv6 or it has not. */
  readonly podRange6: string | null
  readonly serviceRange4: string
  readonly serviceRange6: string | null
  /** Null: the tenth address of the service range, as k3s takes it. */
  readonly clusterDns: string | null
  readonly clusterDomain: string
  readonly flannelBackend: FlannelBackend
  readonly flannelExternalIp: boolean
  readonly flannelIpv6Masq: boolean
  readonly egressSelectorMode: EgressSelectorMode
  /** Its address, which holds a password, is kept with the secrets. */
  readonly datastore: Datastore
  readonly disable: readonly Component[]
  readonly disableCloudController: boolean
  readonly disableHelmController: boolean
  readonly disableNetworkPolicy: boolean
  readonly embeddedRegistry: boolean
  readonly secretsEncryption: SecretsEncryption
  /** Further names and addresses that the API server's certificate shall have: a load balancer's, a public name. */
  readonly tlsSans: readonly string[]
  readonly extraServer: ExtraArguments
  readonly extraAgent: ExtraArguments
  readonly registryMirrors: readonly RegistryMirror[]
  /** Binary and images are on the machines already: nothing is downloaded. */
  readonly airGap: boolean
  readonly installer: Installer
}

/**
 * The keys that must be equal on all servers, and the field that each comes from. `agent-token` has none on purpose: agents join
 * with tokens made for one join each, so it is absent everywhere, which is equal too.
 */
export const CRITICAL_KEYS = {
  'agent-token': null,
  'cluster-cidr': 'podRange4',
  'cluster-dns': 'clusterDns',
  'cluster-domain': 'clusterDomain',
  'disable-cloud-controller': 'disableCloudController',
  'disable-helm-controller': 'disableHelmController',
  'disable-network-policy': 'disableNetworkPolicy',
  disable: 'disable',
  'egress-selector-mode': 'egressSelectorMode',
  'embedded-registry': 'embeddedRegistry',
  'flannel-backend': 'flannelBackend',
  'flannel-external-ip': 'flannelExternalIp',
  'flannel-ipv6-masq': 'flannelIpv6Masq',
  'secrets-encryption': 'secretsEncryption',
  'secrets-encryption-provider': 'secretsEncryption',
  'service-cidr': 'serviceRange4',
} as const satisfies Record<string, keyof ClusterSettings | null>

/** What a form starts with: host-gw, since our own tunnels carry pods, and k3s' defaults for the rest. */
export const defaultClusterSettings = (name: string, release: Release): ClusterSettings => ({
  name,
  release,
  podRange4: '10.42.0.0/16',
  podRange6: null,
  serviceRange4: '10.43.0.0/16',
  serviceRange6: null,
  clusterDns: null,
  clusterDomain: 'cluster.local',
  flannelBackend: 'host-gw',
  flannelExternalIp: false,
  flannelIpv6Masq: false,
  egressSelectorMode: 'agent',
  datastore: 'sqlite',
  disable: [],
  disableCloudController: false,
  disableHelmController: false,
  disableNetworkPolicy: false,
  embeddedRegistry: false,
  secretsEncryption: 'off',
  tlsSans: [],
  extraServer: {},
  extraAgent: {},
  registryMirrors: [],
  airGap: false,
  installer: { source: 'https://get.k3s.io', sha256: null },
})
