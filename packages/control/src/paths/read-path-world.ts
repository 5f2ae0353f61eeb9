/** All that is known of the ways in a network: the plan, what nodes say they do, and what tunnels measure. */

import type { SaidWay } from '@spanwire/mesh/paths/pair-way'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import type { Context } from '../context.ts'
import type { NetworkHead } from '../machine/network-rows.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlOn } from '../machine/sql.ts'
import { mergeLinks, type Tunnel } from '../node/merge-links.ts'
import { readLinks } from '../node/read-links.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { Refusal } from '../refusal.ts'

export type PathWorld = {
  readonly head: NetworkHead
  readonly network: NetworkPlan
  readonly said: SaidWay
  readonly states: ReadonlyMap<string, WayState>
  tunnel(a: string, b: string): Tunnel | null
  readonly tunnels: readonly Tunnel[]
  readonly now: number
}

export type WayState = { readonly way: string; readonly sinceAt: number; readonly cause: string }

export async function readPathWorld(ctx: Context, organizationId: string, networkId: string): Promise<PathWorld> {
  const sql = sqlOn(ctx.db.pool)
  const read = await readNetworkInput(sql, networkId)
  if (read?.head.organizationId !== organizationId) throw new Refusal('NOT_FOUND', 'There is no such network.')
  const [links, rows] = await Promise.all([
    readLinks(ctx, organizationId, { network: networkId }),
    sql.query<WayState & { nodeId: string; peerId: string }>(
      `SELECT s.node_id "nodeId", s.peer_id "peerId", s.way, ${milliseconds('s.since_at')} "sinceAt", s.cause
         FROM path_states s JOIN nodes n ON n.id = s.node_id WHERE n.network_id = $1`,
      [networkId],
    ),
  ])
  const network = plan(read.input)
  const now = ctx.now().getTime()
  const tunnels = mergeLinks(links, (id) => network.nodes.get(id)?.name ?? id, now)
  const byPair = new Map(tunnels.map((tunnel) => [tunnel.a + tunnel.b, tunnel]))
  const states = new Map(rows.map(({ nodeId, peerId, ...state }) => [nodeId + peerId, state]))
  return {
    head: read.head,
    network,
    states,
    said: (nodeId, peerId) => states.get(nodeId + peerId)?.way ?? null,
    tunnel: (a, b) => byPair.get(a < b ? a + b : b + a) ?? null,
    tunnels,
    now,
  }
}
