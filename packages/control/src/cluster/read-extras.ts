/**
 * What the bundles of a network's nodes carry beside their tunnels: the files of k3s, and what they are asked to do.
 *
 * A node gets its files when it may act on them: the first server at once, others when the steward has a token for them. Whoever has joined keeps them: a missing file would stop its k3s at the next start.
 */

import { siteLabel } from '@spanwire/mesh/cluster/cluster-node'
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { renderBundleFiles } from '@spanwire/mesh/cluster/render-bundle-files'
import { formatAddress } from '@spanwire/mesh/ip/address'
import { nodeV4, nodeV6 } from '@spanwire/mesh/ip/address-plan'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { type Extras, NO_EXTRAS } from '@spanwire/mesh/protocol/render-bundle'
import { isRequestKind, type OpenRequest } from '@spanwire/mesh/protocol/request-kinds'
import type { Sql } from '../machine/sql.ts'
import type { Seal } from '../secrets.ts'
import { openDatastore } from './datastore.ts'
import { openToken } from './tokens.ts'

export type Part = NonNullable<Extras['part']>
export type ExtrasOf = ReadonlyMap<string, Extras>

export async function readExtras(sql: Sql, seal: Seal, part: Part, network: NetworkPlan): Promise<ExtrasOf> {
  const [members, requests] = await Promise.all([
    readMembers(sql, network.settings.id),
    readRequests(sql, network.settings.id),
  ])
  const extras = new Map<string, Extras>()
  const add = (nodeId: string, more: Partial<Extras>) =>
    extras.set(nodeId, { ...(extras.get(nodeId) ?? NO_EXTRAS), ...more })
  const first = members.find((member) => member.first)
  for (const member of members) {
    const files = filesOf(seal, network, member, first)
    if (files) add(member.nodeId, { part, files })
  }
  for (const [nodeId, open] of requests) add(nodeId, { part, requests: open })
  return extras
}

type Member = {
  nodeId: string
  role: 'server' | 'agent'
  first: boolean
  kubernetesName: string
  labels: Record<string, string>
  taints: string[]
  joinToken: Buffer | null
  settings: ClusterSettings
  datastore: Buffer | null
  siteName: string | null
  region: string | null
  leaving: boolean
}

async function readMembers(sql: Sql, networkId: string): Promise<Member[]> {
  return sql.query<Member>(
    `SELECT m.node_id "nodeId", m.role::text, m.first, m.kubernetes_name "kubernetesName", m.labels, m.taints, m.join_token "joinToken",
        c.settings, c.datastore, s.name "siteName", s.region,
        m.removal->'uninstall' IS NOT NULL leaving
       FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id JOIN nodes n ON n.id = m.node_id LEFT JOIN sites s ON s.id = n.site_id
      WHERE c.network_id = $1 ORDER BY m.node_id`,
    [networkId],
  )
}

function filesOf(seal: Seal, network: NetworkPlan, member: Member, first: Member | undefined) {
  const node = network.nodes.get(member.nodeId)
  if (!node || member.leaving) return null
  const { settings } = member
  const server = first && network.nodes.get(first.nodeId)
  if (!member.first && !server) return null
  const token = member.first ? null : openToken(seal, member.joinToken)
  if (!member.first && token === null) return null
  const place = {
    role: member.first ? ('server-first' as const) : member.role,
    interfaceName: network.settings.interfaceName,
    serverAddress: member.first || !server ? null : formatAddress(nodeV4(network.overlay4, server.ordinal)),
  }
  const files = renderBundleFiles(
    settings,
    {
      name: member.kubernetesName,
      address4: formatAddress(nodeV4(network.overlay4, node.ordinal)),
      address6: formatAddress(nodeV6(network.ula, node.ordinal)),
      labels: member.labels,
      taints: member.taints,
      zone: member.siteName === null ? null : siteLabel(member.siteName),
      region: member.region === null ? null : siteLabel(member.region),
    },
    place,
    {
      token,
      datastoreEndpoint:
        member.role === 'server' && member.datastore ? openDatastore({ seal }, member.datastore) : null,
    },
  )
  return files.map(({ name, text }) => ({ name, text }))
}

async function readRequests(sql: Sql, networkId: string): Promise<Map<string, OpenRequest[]>> {
  const rows = await sql.query<{ id: string; nodeId: string; kind: string; args: string[]; timeoutSeconds: number }>(
    `SELECT r.id, r.node_id "nodeId", r.kind, r.args, r.timeout_seconds "timeoutSeconds"
       FROM node_requests r JOIN nodes n ON n.id = r.node_id
      WHERE n.network_id = $1 AND r.state = 'asked' ORDER BY r.id`,
    [networkId],
  )
  const open = new Map<string, OpenRequest[]>()
  for (const { nodeId, kind, ...request } of rows) {
    if (isRequestKind(kind)) open.set(nodeId, [...(open.get(nodeId) ?? []), { ...request, kind }])
  }
  return open
}
