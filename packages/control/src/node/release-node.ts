import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { changeNode } from './change-node.ts'
import { lockNode } from './lock-node.ts'
import { NodeRow } from './node-row.ts'
import { readNodeRow } from './read-node-row.ts'
import { stateAtWork } from './state-at-work.ts'

export const ReleaseNode = z.object({ id: z.uuid() })
export const ReleaseNodeOutput = NodeRow

/** The operator has seen to it that one machine alone has the credential. If two still take turns, they are found out again. */
export async function releaseNode(ctx: Context, input: z.infer<typeof ReleaseNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    const isQuarantined = node.state === 'quarantined'
    if (!isQuarantined && node.heldOff === null) {
      throw new Refusal('CONFLICT', `${node.name} is not quarantined.`, { reason: 'wrong-state' })
    }
    const changed = changes<Record<string, unknown>>(node, {
      state: isQuarantined ? await stateAtWork(tx, node) : undefined,
      heldOff: null,
      quarantineReason: null,
    })
    if (changed) await changeNode(tx, ctx, organizationId, node, 'node.release', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}
