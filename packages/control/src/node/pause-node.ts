import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { changeNode } from './change-node.ts'
import { lockNode } from './lock-node.ts'
import { NodeRow } from './node-row.ts'
import { readNodeRow } from './read-node-row.ts'
import { requireAction } from './require-action.ts'

export const PauseNode = z.object({ id: z.uuid() })
export const PauseNodeOutput = NodeRow

/** Takes its peer off every machine; it keeps its name, place and keys, and goes on reporting. */
export async function pauseNode(ctx: Context, input: z.infer<typeof PauseNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    if (node.state === 'paused') return
    requireAction(node, 'pause')
    const changed = changes<Record<string, unknown>>(node, { state: 'paused' })
    if (changed) await changeNode(tx, ctx, organizationId, node, 'node.pause', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}
