/**
 * Tunnels that went down or came back, as events: one for each tunnel, though both of its ends report it, and though they may report
 * it to two processes. Told of the end that is not the gateway.
 *
 *   gateway says dead ─ tunnel.down ─ member says dead ─ (told already) ─ gateway alive ─ (member still dead) ─ member alive ─ tunnel.up
 */
import { EVIDENCE_FRESH_MS } from '@spanwire/mesh/health/tunnel-status'
import type { MachineDeps } from './machine.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'
import { type MachineEvent, recordEvents } from './record-events.ts'
import type { Sql } from './sql.ts'
import type { LinkChange } from './write-links.ts'

export type ToldChange = LinkChange & { readonly network: Mirrored }

export async function tellTunnels(sql: Sql, deps: MachineDeps, changes: readonly ToldChange[]): Promise<void> {
  const tunnels = new Map(
    changes.flatMap((change) => tunnelOf(change) ?? []).map((tunnel) => [tunnel.spoke.id, tunnel]),
  )
  if (tunnels.size === 0) return
  // Held until the transaction ends: who comes second reads what the first has told.
  await sql.query("SELECT pg_advisory_xact_lock(hashtext('spanwire tunnels'))")
  const ids = [...tunnels.keys()]
  const told = await lastTold(sql, ids, ['tunnel.down', 'tunnel.up'])
  const doubted = await stillDead(sql, deps.now(), ids)
  const events: MachineEvent[] = []
  for (const { network, spoke, hub, state, reporter } of tunnels.values()) {
    const isDown = told.get(spoke.id) === 'tunnel.down'
    if (state === 'dead' ? isDown : !isDown || doubted.has(spoke.id)) continue
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

function tunnelOf({ network, nodeId, peerId, state }: ToldChange) {
  const reporter = network.nodes.get(nodeId)
  const peer = network.nodes.get(peerId)
  if (!reporter || !peer) return null
  const [spoke, hub]: [MachineNode, MachineNode] =
    network.plan.hub?.id === reporter.id ? [peer, reporter] : [reporter, peer]
  return { network, spoke, hub, state, reporter }
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

/** Those of whose tunnel one end still says, and said lately, that it is dead. */
async function stillDead(sql: Sql, now: Date, spokes: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ node_id: string; peer_id: string }>(
    `SELECT node_id, peer_id FROM links
      WHERE (node_id = ANY($1::uuid[]) OR peer_id = ANY($1::uuid[])) AND state = 'dead' AND reported_at > $2`,
    [spokes, new Date(now.getTime() - EVIDENCE_FRESH_MS)],
  )
  return new Set(rows.flatMap((row) => [row.node_id, row.peer_id]))
}
