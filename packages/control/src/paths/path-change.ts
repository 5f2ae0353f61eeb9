/** A change of way as it is shown: what it was and what it is in words. */
import { CHANGE_CAUSES } from '@spanwire/mesh/paths/change-cause'
import { directName, secondName } from '@spanwire/mesh/paths/interface-names'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { milliseconds } from '../node/read-nodes.ts'

export const PathChangeRow = z
  .object({
    id: z.string(),
    at: z.string(),
    /** whose way it is */
    nodeId: z.string(),
    nodeName: z.string(),
    /** where it leads; null: all that has no way of its own */
    peerId: z.string().nullable(),
    peerName: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    cause: z.enum(['plan', 'boot', 'dead', 'better']),
    text: z.string(),
  })
  .meta({ id: 'PathChange' })
export type PathChangeRow = z.infer<typeof PathChangeRow>

export type ChangeRecord = {
  id: string
  nodeId: string
  nodeName: string
  peerId: string
  peerName: string
  at: number
  fromWay: string | null
  toWay: string | null
  cause: PathChangeRow['cause']
}

/** The newest first. Of a pair: both directions, and the default ways of both, which carry what has none of its own. */
export async function readChanges(
  ctx: Pick<Context, 'db'>,
  networkId: string,
  { pair, before, limit }: { pair: readonly [string, string] | null; before: Date | null; limit: number },
): Promise<ChangeRecord[]> {
  const { rows } = await ctx.db.pool.query<ChangeRecord>(
    `select c.id, c.node_id "nodeId", n.name "nodeName", c.peer_id "peerId", p.name "peerName", ${milliseconds('c.at')} "at",
            c.from_way "fromWay", c.to_way "toWay", c.cause
       from path_changes c join nodes n on n.id = c.node_id join nodes p on p.id = c.peer_id
      where c.network_id = $1 and ($2::uuid is null or (c.node_id in ($2, $3) and c.peer_id in ($2, $3)))
        and ($4::timestamptz is null or c.at < $4)
      order by c.at desc, c.id desc limit $5`,
    [networkId, pair?.[0] ?? null, pair?.[1] ?? null, before, limit],
  )
  return rows
}

export function toChangeRow(network: NetworkPlan, change: ChangeRecord): PathChangeRow {
  const isDefault = change.peerId === change.nodeId
  const [from, to] = [change.fromWay, change.toWay].map((way) => wayText(network, change.nodeId, way))
  const whose = isDefault ? `${change.nodeName} to all others` : `${change.nodeName} to ${change.peerName}`
  return {
    id: change.id,
    at: new Date(change.at).toISOString(),
    nodeId: change.nodeId,
    nodeName: change.nodeName,
    peerId: isDefault ? null : change.peerId,
    peerName: isDefault ? null : change.peerName,
    from: from ?? '',
    to: to ?? '',
    cause: change.cause,
    text: `${whose}: ${to}, ${CHANGE_CAUSES[change.cause]}`,
  }
}

/** `gw-1`, `directly`: through which gateway a way leads from a node, as it is planned at this moment. */
export function wayText(network: NetworkPlan, nodeId: string, way: string | null): string {
  if (way === null) return 'as planned'
  const base = network.settings.interfaceName
  const name = way.split(':')[0] ?? way
  const slots = network.seats.get(nodeId)?.slots
  const isGateway = network.nodes.get(nodeId)?.role === 'gateway'
  const through = (id: string | null | undefined) => {
    const gateway = id ? network.nodes.get(id)?.name : undefined
    return `through ${gateway ?? 'a gateway'}`
  }
  if (name === 'unreachable') return 'no way'
  if (name === 'default') return 'through gateways'
  if (name === directName(base)) return 'directly'
  if (name === base) return isGateway ? 'by its own tunnel' : through(slots?.a)
  if (name === secondName(base)) return through(slots?.b)
  const number = Number(name.slice(base.length + 1))
  return through(network.gateways.find((gateway) => gateway.number === number)?.node.id)
}
