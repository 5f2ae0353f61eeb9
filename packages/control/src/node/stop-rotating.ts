import { STOPPABLE } from '@spanwire/mesh/keys/rotation'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { getNodeKeys } from './get-node-keys.ts'
import { NodeKeys } from './key-rotation.ts'
import { lockNode } from './lock-node.ts'
import { lockRotation } from './lock-rotation.ts'

export const StopRotating = z.object({ id: z.uuid() })
export const StopRotatingOutput = NodeKeys

/** As long as the node was not told to switch: the old keys stay, and peers drop the next ones. */
export async function stopRotating(ctx: Context, input: z.infer<typeof StopRotating>): Promise<NodeKeys> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    await lockRotation(tx, node, STOPPABLE)
    await bumpRevision(tx, node.networkId)
    const reason = `${actorName(ctx)} stopped it; the old keys stay.`
    await tx.keyRotation.update({ where: { nodeId: node.id }, data: { state: 'stopped', reason, endedAt: ctx.now() } })
    await audit(tx, ctx, {
      action: 'node.stop-rotating',
      network: node.networkId,
      subject: { kind: 'node', id: node.id, name: node.name },
    })
  })
  return getNodeKeys(ctx, input)
}
