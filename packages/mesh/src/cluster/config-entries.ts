/**
 * The keys of our drop-in and their values, for one node in one role. One list serves the file, its preview, and the comparison with
 * what a node has; nothing in it is secret.
 *
 * What must be equal on all servers is always written, switched off included: a line in somebody's config.yaml would otherwise make
 * that server differ from the others.
 */
import type { ClusterNode, ClusterRole } from './cluster-node.ts'
import type { ClusterSettings, ExtraArguments } from './cluster-settings.ts'
import { findFlag } from './k3s-flags.ts'
import { API_PORT, TOKEN_PATH } from './k3s-paths.ts'
import { type Placement, placementOf } from './placement.ts'

export type ConfigValue = boolean | number | string | readonly string[]
export type ConfigEntry = { readonly key: string; readonly value: ConfigValue }

export type ConfigPlace = {
  readonly role: ClusterRole
  /** Of the network: span0. */
  readonly interfaceName: string
  /** Overlay address of the server to join; null for the first one. */
  readonly serverAddress: string | null
}

export function configEntries(cluster: ClusterSettings, node: ClusterNode, place: ConfigPlace): ConfigEntry[] {
  const entries: ConfigEntry[] = []
  const add = (key: string, value: ConfigValue | null) => {
    if (value !== null && !(Array.isArray(value) && value.length === 0)) entries.push({ key, value })
  }
  const isDual = cluster.podRange6 !== null
  const addresses = isDual ? [node.address4, node.address6] : [node.address4]
  add('node-name', node.name)
  // From the first start on: etcd and the kubelet's certificate remember the address that they began with.
  add('node-ip', addresses)
  if (cluster.flannelBackend !== 'none') add('flannel-iface', place.interfaceName)
  if (place.serverAddress !== null) {
    add('server', apiUrl(place.serverAddress))
    add('token-file', TOKEN_PATH)
  }
  if (place.role !== 'agent') serverEntries(cluster, node, place.role, addresses, add)
  const { labels, taints } = placementOf(node)
  add('node-label', pairs(labels))
  add('node-taint', taints)
  extraEntries(place.role === 'agent' ? cluster.extraAgent : cluster.extraServer, add)
  return entries
}

type Add = (key: string, value: ConfigValue | null) => void

function serverEntries(
  cluster: ClusterSettings,
  node: ClusterNode,
  role: ClusterRole,
  addresses: readonly string[],
  add: Add,
) {
  if (cluster.datastore === 'etcd' && role === 'server-first') add('cluster-init', true)
  // Agents learn it from the `kubernetes` endpoints and open their tunnel to it.
  add('advertise-address', node.address4)
  add('tls-san', [...new Set([...addresses, node.name, ...cluster.tlsSans])])
  add('cluster-cidr', both(cluster.podRange4, cluster.podRange6))
  add('service-cidr', both(cluster.serviceRange4, cluster.serviceRange6))
  add('cluster-dns', cluster.clusterDns === null ? null : [cluster.clusterDns])
  add('cluster-domain', cluster.clusterDomain)
  add('flannel-backend', cluster.flannelBackend)
  add('flannel-external-ip', cluster.flannelExternalIp)
  add('flannel-ipv6-masq', cluster.flannelIpv6Masq)
  add('egress-selector-mode', cluster.egressSelectorMode)
  add('disable', [...cluster.disable].sort())
  add('disable-cloud-controller', cluster.disableCloudController)
  add('disable-helm-controller', cluster.disableHelmController)
  add('disable-network-policy', cluster.disableNetworkPolicy)
  add('embedded-registry', cluster.embeddedRegistry)
  add('secrets-encryption', cluster.secretsEncryption !== 'off')
  // Only when it is not the default: releases before it would skip it with a warning.
  if (cluster.secretsEncryption === 'secretbox') add('secrets-encryption-provider', 'secretbox')
}

function extraEntries(extra: ExtraArguments, add: Add) {
  for (const key of Object.keys(extra).sort()) {
    const values = extra[key] ?? []
    const kind = findFlag(key)?.kind
    if (kind === 'list') add(key, values)
    else if (kind === 'bool') add(key, values[0] === 'true')
    else if (kind === 'int') add(key, Number(values[0]))
    else add(key, values[0] ?? null)
  }
}

function pairs(labels: Placement['labels']): string[] {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
}

const both = (four: string, six: string | null): string[] => (six === null ? [four] : [four, six])

export const apiUrl = (address: string): string =>
  `https://${address.includes(':') ? `[${address}]` : address}:${API_PORT}`
