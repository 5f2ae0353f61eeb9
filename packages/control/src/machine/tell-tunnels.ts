/**
 * Tunnels of gateways that went down or came back, as events: one for each tunnel, though both of its ends report it, and though they may
 * report it to two processes. Told of the end that is carried; of two gateways, of the one that joined later. A direct tunnel comes and
 * goes without an event: what it changes is a way, and the history of ways has it.
 *
 *   gateway says dead ─ tunnel.down ─ member says dead ─ (told already) ─ gateway alive ─ (member still dead) ─ member alive ─ tunnel.up
 */
import { EVIDENCE_FRESH_MS } from '@spanwire/mesh/health/tunnel-status'
import type { MachineDeps } from './machine-deps.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'
import { type MachineEvent, recordEvents } from './record-events.ts'
import type { Sql } from './sql.ts'
import type { LinkChange } from './write-links.ts'

export type ToldChange = LinkChange & { readonly network: Mirrored }

export async function tellTunnels(sql: Sql, deps: MachineDeps, changes: readonly ToldChange[]): Promise<void> {
  const tunnels = new Map(
    changes
      .flatMap((change) => tunnelOf(change) ?? [])
      .map((tunnel) => [keyOf(tunnel.spoke.id, tunnel.hub.id), tunnel]),
  )
  if (tunnels.size === 0) return
  // Held until the transaction ends: who comes second reads what the first has told.
  await sql.query("SELECT pg_advisory_xact_lock(hashtext('spanwire tunnels'))")
  const ids = [...new Set(Array.from(tunnels.values(), ({ spoke }) => spoke.id))]
  const told = await lastToldOfTunnels(sql, ids)
  const doubted = await stillDead(sql, deps.now(), ids)
  const events: MachineEvent[] = []
  for (const { network, spoke, hub, state, reporter } of tunnels.values()) {
    const isDown = told.get(keyOf(spoke.id, hub.name)) === 'tunnel.down'
    if (state === 'dead' ? isDown : !isDown || doubted.has(keyOf(spoke.id, hub.id))) continue
    events.push({
      organizationId: network.organizationId,
      networkId: network.settings.id,
      actor: { kind: 'node', name: reporter.name },
      action: state === 'dead' ? 'tunnel.down' : 'tunnel.up',
      subject: { kind: 'node', id: spoke.id, name: spoke.name },
      after: { gateway: hub.name, saidBy: reporter.name },
    })
  }
  await recordEvents(sql, deps, events)
}

const keyOf = (spoke: string, hub: string): string => `${spoke} ${hub}`

function tunnelOf({ network, nodeId, peerId, state }: ToldChange) {
  const reporter = network.nodes.get(nodeId)
  const peer = network.nodes.get(peerId)
  if (!reporter || !peer) return null
  const carries = ({ id }: MachineNode) => network.plan.gateways.some(({ node }) => node.id === id)
  if (!carries(reporter) && !carries(peer)) return null
  const isHub = carries(reporter) && (!carries(peer) || (reporter.ordinal ?? 0) < (peer.ordinal ?? 0))
  const [spoke, hub]: [MachineNode, MachineNode] = isHub ? [peer, reporter] : [reporter, peer]
  return { network, spoke, hub, state, reporter }
}

async function lastToldOfTunnels(sql: Sql, spokes: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ subject_id: string; gateway: string; action: string }>(
    `SELECT DISTINCT ON (subject_id, after->>'gateway') subject_id, after->>'gateway' gateway, action FROM events
      WHERE subject_id = ANY($1::text[]) AND action IN ('tunnel.down', 'tunnel.up')
      ORDER BY subject_id, after->>'gateway', at DESC, id DESC`,
    [spokes],
  )
  return new Map(rows.map((row) => [keyOf(row.subject_id, row.gateway), row.action]))
}

/** The last of these actions that was told of each subject. */
export async function lastTold(
  sql: Sql,
  subjects: readonly string[],
  actions: readonly string[],
): Promise<Map<string, string>> {
  const rows = await sql.query<{ subject_id: string; action: string }>(
    `SELECT DISTINCT ON (subject_id) subject_id, action FROM events
      WHERE subject_id = ANY($1::text[]) AND action = ANY($2::text[])
      ORDER BY subject_id, at DESC, id DESC`,
    [subjects, actions],
  )
  return new Map(rows.map((row) => [row.subject_id, row.action]))
}

/** Tunnels of which one end still says, and said lately, that they are dead; by both ends, in both orders. */
async function stillDead(sql: Sql, now: Date, spokes: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ node_id: string; peer_id: string }>(
    `SELECT node_id, peer_id FROM links
      WHERE (node_id = ANY($1::uuid[]) OR peer_id = ANY($1::uuid[])) AND state = 'dead' AND reported_at > $2`,
    [spokes, new Date(now.getTime() - EVIDENCE_FRESH_MS)],
  )
  return new Set(rows.flatMap((row) => [keyOf(row.node_id, row.peer_id), keyOf(row.peer_id, row.node_id)]))
}
