import { pendingChanges } from '@spanwire/mesh/paths/pending-changes'
import { plan } from '@spanwire/mesh/paths/plan'
import { tunnelPeers } from '@spanwire/mesh/paths/tunnel-peers'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { judgeNode } from './judge-node.ts'
import { RevisionState } from './node-row.ts'
import { type NodeRecord, readNodes } from './read-nodes.ts'
import { toNodeRow } from './to-node-row.ts'

export const NodePending = z.object({ id: z.uuid() })
export const NodePendingOutput = z
  .object({
    revision: RevisionState,
    /** when it last said anything; what is below rests on that */
    heardAt: z.string().nullable(),
    /** what it has not taken, in words; empty also when it cannot be said */
    changes: z.array(z.string()),
    text: z.string(),
  })
  .meta({ id: 'NodePending' })

/** Planning more to say what one node waits for would cost the server seconds. */
const MOST_NODES = 2_000

/** What a node has not taken yet. */
export async function nodePending(
  ctx: Context,
  input: z.infer<typeof NodePending>,
): Promise<z.infer<typeof NodePendingOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [node] = await readNodes(ctx, organizationId, { node: input.id })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const { revision } = toNodeRow(node, judgeNode(node, [], ctx.now().getTime()))
  const heardAt = iso(node.reportedAt)
  if (revision.current)
    return { revision, heardAt, changes: [], text: 'Nothing waits: it has confirmed all that concerns it.' }
  if (revision.applied === null)
    return { revision, heardAt, changes: [], text: 'It has confirmed no configuration yet.' }
  if (revision.epochApplied !== node.epoch) {
    return {
      revision,
      heardAt,
      changes: [],
      text: 'The whole configuration waits: the server was restored since it last took one.',
    }
  }
  const changes = await changesOf(ctx, node, revision.applied)
  return { revision, heardAt, changes: changes ?? [], text: sentence(changes) }
}

function sentence(changes: readonly string[] | null): string {
  if (changes === null) return 'What waits is not listed in a network of this size.'
  if (changes.length === 0)
    return 'What waits is none of its peers: a setting of the network, rules, or a newer script.'
  return `${changes.length === 1 ? 'A change waits' : `${changes.length} changes wait`}: ${changes.join('; ')}.`
}

async function changesOf(ctx: Context, node: NodeRecord, applied: number): Promise<string[] | null> {
  const sql = sqlOn(ctx.db.pool)
  const read = await readNetworkInput(sql, node.networkId)
  if (!read || read.input.nodes.length > MOST_NODES) return null
  const [network, changed, reported, [policy]] = [
    plan(read.input),
    await sql.query<{ id: string }>('SELECT id FROM nodes WHERE network_id = $1 AND changed_revision > $2', [
      node.networkId,
      applied,
    ]),
    // As its last report had them: what it no longer mentioned then is not in it.
    await sql.query<{ interfaceName: string; peerId: string; peer: string }>(
      `SELECT l.interface_name "interfaceName", l.peer_id "peerId", p.name peer FROM links l JOIN nodes p ON p.id = l.peer_id
         JOIN node_status t ON t.node_id = l.node_id WHERE l.node_id = $1 AND l.reported_at > t.reported_at - interval '10 seconds'`,
      [node.id],
    ),
    await sql.query<{ wanted: number; has: number | null }>(
      `SELECT coalesce(w.policy_number, 0) wanted, r.number has FROM networks w, policy_reports r WHERE w.id = $1 AND r.node_id = $2`,
      [node.networkId, node.id],
    ),
  ]
  const self = network.nodes.get(node.id)
  if (!self) return []
  const planned = network.seats.has(node.id) ? tunnelPeers(network, self) : []
  const near = new Set([node.id, ...planned.map(({ peer }) => peer.id)])
  const knowsAll = network.seats.get(node.id)?.number != null
  return pendingChanges({
    nodeId: node.id,
    planned: planned.map(({ interfaceName, peer }) => ({ interfaceName, peerId: peer.id, peer: peer.name })),
    reported,
    changed: new Set(changed.map(({ id }) => id)),
    others: knowsAll ? [...network.seats.values()].filter(({ id }) => !near.has(id)) : [],
    policy: policy ?? null,
  })
}
