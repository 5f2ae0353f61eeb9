import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { changeNode } from './change-node.ts'
import { lockNode } from './lock-node.ts'
import { NodeRow } from './node-row.ts'
import { readNodeRow } from './read-node-row.ts'

export const UndrainNode = z.object({ id: z.uuid() })
export const UndrainNodeOutput = NodeRow

/** It may carry again: who is to have it by its site comes back, the others stay where they are. */
export async function undrainNode(ctx: Context, input: z.infer<typeof UndrainNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    const changed = changes<Record<string, unknown>>(node, { draining: false, drainedAt: null })
    if (changed) await changeNode(tx, ctx, organizationId, node, 'node.undrain', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}
