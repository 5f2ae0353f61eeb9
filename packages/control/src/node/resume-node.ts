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
import { stateAtWork } from './state-at-work.ts'

export const ResumeNode = z.object({ id: z.uuid() })
export const ResumeNodeOutput = NodeRow

export async function resumeNode(ctx: Context, input: z.infer<typeof ResumeNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    if (node.state === 'enrolled' || node.state === 'active') return
    requireAction(node, 'resume')
    const changed = changes<Record<string, unknown>>(node, { state: await stateAtWork(tx, node) })
    if (changed) await changeNode(tx, ctx, organizationId, node, 'node.resume', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}
