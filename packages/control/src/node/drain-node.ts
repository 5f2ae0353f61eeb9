import { hasSeveral, plan } from '@spanwire/mesh/paths/plan'
import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Node, Tx } from '../db.ts'
import { giveMissingNumbers } from '../machine/give-missing-numbers.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { changeNode } from './change-node.ts'
import { lockNode } from './lock-node.ts'
import { NodeRow } from './node-row.ts'
import { readNodeRow } from './read-node-row.ts'

export const DrainNode = z.object({ id: z.uuid() })
export const DrainNodeOutput = NodeRow

/** Those whom this gateway carries are moved to others, each when its other tunnel is proven; nothing is cut. */
export async function drainNode(ctx: Context, input: z.infer<typeof DrainNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    if (node.draining) return
    await refuseToStrand(tx, node)
    const changed = changes<Record<string, unknown>>(node, { draining: true, drainedAt: null })
    if (changed) await changeNode(tx, ctx, organizationId, node, 'node.drain', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}

/** Somebody else has to carry; and where members are is kept first, so that none is moved by the plan alone. */
async function refuseToStrand(tx: Tx, node: Node): Promise<void> {
  if (node.role !== 'gateway') {
    throw new Refusal('PRECONDITION_FAILED', `${node.name} is no gateway: it carries nobody.`, {
      reason: 'not-a-gateway',
    })
  }
  await giveMissingNumbers(sqlIn(tx), node.networkId)
  const read = await readNetworkInput(sqlIn(tx), node.networkId)
  const network = read && plan(read.input)
  const others = network?.gateways.filter((gateway) => gateway.node.id !== node.id && !gateway.node.draining) ?? []
  if (!network || !hasSeveral(network) || others.length === 0) {
    throw new Refusal('PRECONDITION_FAILED', `No other gateway could carry those of ${node.name}.`, {
      reason: 'last-gateway',
      fix: 'Join another gateway, or resume one that is paused or drained, first.',
    })
  }
  const rows = [...network.seats.values()].flatMap(({ id, slots }) => (slots ? [{ id, ...slots }] : []))
  await tx.$executeRaw`
    UPDATE nodes n SET slot_a = u.a, slot_b = u.b, slot_first = u.first, changed_revision = w.revision + 1
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS u(id uuid, a uuid, b uuid, first text), networks w
     WHERE n.id = u.id AND n.slot_first IS NULL AND w.id = ${node.networkId}::uuid`
}
