import { parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { isPrivate } from '@spanwire/mesh/ip/is-private'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { addressesOf } from '../node/addresses-of.ts'
import { isMissedDirect, judgeNode } from '../node/judge-node.ts'
import { lossOf, mergeLinks, type Tunnel, tunnelsByNode } from '../node/merge-links.ts'
import { type LinkRecord, readLinks } from '../node/read-links.ts'
import { type NodeRecord, readNodes } from '../node/read-nodes.ts'
import { requireRole } from '../require-role.ts'
import { type EndSees, Topology, type TopologyEdge, type TopologyNode } from './topology.ts'

export const GetTopology = z.object({ network: z.uuid() })
export const GetTopologyOutput = Topology

/** Every edge is something that an end reported: a tunnel that is only configured is not drawn. */
export async function getTopology(ctx: Context, input: z.infer<typeof GetTopology>): Promise<Topology> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [network, nodes, links, sites] = await Promise.all([
    visibleNetwork(ctx, organizationId, input.network),
    readNodes(ctx, organizationId, { network: input.network }),
    readLinks(ctx, organizationId, { network: input.network }),
    readSites(ctx, organizationId, input.network),
  ])
  const now = ctx.now().getTime()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const tunnels = mergeLinks(links, (id) => byId.get(id)?.name ?? id, now)
  const byNode = tunnelsByNode(tunnels)
  return {
    network: { id: network.id, name: network.name, revision: network.revision },
    nodes: nodes.map((node) => toNode(node, byNode.get(node.id) ?? [], now)),
    edges: tunnels.flatMap((tunnel) => toEdge(tunnel, byId)),
    sites,
    at: iso(now),
  }
}

function toNode(node: NodeRecord, tunnels: readonly Tunnel[], now: number): TopologyNode {
  const { facts, isReporting } = judgeNode(node, tunnels, now)
  return {
    id: node.id,
    name: node.name,
    role: node.role,
    state: node.state,
    siteId: node.siteId,
    siteName: node.siteName,
    labels: node.labels,
    address4: addressesOf(node).address4,
    facts,
    rxRate: isReporting ? node.rxRate : null,
    txRate: isReporting ? node.txRate : null,
  }
}

function toEdge(tunnel: Tunnel, nodes: ReadonlyMap<string, NodeRecord>): TopologyEdge[] {
  const { a, b, aSees, bSees, judged } = tunnel
  const ends = [nodes.get(a), nodes.get(b)]
  // A node that came between the two queries is drawn at the next refresh.
  if (!ends[0] || !ends[1]) return []
  const isCarrying = judged.status === 'up' || judged.status === 'one-way'
  return [
    {
      id: `${a}.${b}`,
      a,
      b,
      kind: ends.some((end) => end?.role === 'gateway') ? 'gateway' : isLan([aSees, bSees]) ? 'lan' : 'direct',
      status: judged.status,
      isMissedDirect: isMissedDirect(ends[0], tunnel),
      text: judged.reason,
      evidenceAt: iso(judged.evidenceAt),
      rttMs: judged.rttMs,
      loss: worse(aSees && lossOf(aSees), bSees && lossOf(bSees)),
      // Both ends count the same packets; the one that counted more missed fewer.
      rate: isCarrying ? Math.max(rateOf(aSees), rateOf(bSees)) : 0,
      aSees: aSees && endSees(aSees),
      bSees: bSees && endSees(bSees),
    },
  ]
}

function endSees(link: LinkRecord): EndSees {
  return {
    state: link.state,
    reportedAt: iso(link.reportedAt),
    heardAt: iso(link.heardAt),
    handshakeAt: iso(link.handshakeAt),
    endpoint: link.endpoint,
    rttMs: link.rttMs,
    loss: lossOf(link),
    rxRate: link.rxRate,
    txRate: link.txRate,
  }
}

/** Packets of the other end come from an address that is nobody's on the Internet. */
const isLan = (links: readonly (LinkRecord | null)[]): boolean =>
  links.some((link) => {
    const endpoint = link?.endpoint ? parseEndpoint(link.endpoint) : null
    return endpoint?.ok && endpoint.value.kind === 'address' && isPrivate(endpoint.value.address)
  })

const rateOf = (link: LinkRecord | null): number => (link?.rxRate ?? 0) + (link?.txRate ?? 0)

const worse = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))

async function readSites(ctx: Context, organization: string, network: string): Promise<Topology['sites']> {
  const { rows } = await ctx.db.pool.query<{ id: string; name: string }>(
    `select s.id, s.name from sites s join networks w on w.id = s.network_id
      where w.organization_id = $1 and w.id = $2 order by s.name`,
    [organization, network],
  )
  return rows
}
