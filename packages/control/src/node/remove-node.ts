import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockNode } from './lock-node.ts'
import { planRemoval } from './plan-removal.ts'
import { requireAction } from './require-action.ts'
import { takeOutNode } from './take-out-node.ts'

export const RemoveNode = z.object({
  id: z.uuid(),
  /** also when others are without any gateway then */
  force: z.boolean().optional(),
  /** also while k3s runs on it: its Kubernetes node stays, and so does k3s on the machine */
  abandonCluster: z.boolean().optional(),
})
export const RemoveNodeOutput = z.object({ id: z.string(), name: z.string() })

/**
 * One transaction, so that no moment has a node without a tombstone or a place that two may have: tombstone, place to rest, row
 * away, revision, log. Its peers drop it as soon as they hear of the revision; its machine, when it calls.
 */
export async function removeNode(
  ctx: Context,
  input: z.infer<typeof RemoveNode>,
): Promise<z.infer<typeof RemoveNodeOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.id)
    requireAction(node, 'remove')
    const { cut, needsForce } = await planRemoval(tx, network, node)
    if (needsForce && !input.force) {
      throw new Refusal('PRECONDITION_FAILED', `${node.name} is the last gateway: ${cut.at(-1)}.`, {
        reason: 'last-gateway',
        fix: 'Join another gateway first, or remove it with force.',
      })
    }
    const member = await tx.clusterNode.findUnique({ where: { nodeId: node.id }, select: { said: true } })
    if (member?.said && !input.abandonCluster) {
      throw new Refusal('PRECONDITION_FAILED', `${node.name} is in the cluster, and k3s runs on it.`, {
        reason: 'in-cluster',
        fix: 'Remove it from the cluster and the network in one go: pods are moved, its Kubernetes node is deleted, k3s is taken off.',
      })
    }
    await takeOutNode(tx, ctx, network, node)
    return { id: node.id, name: node.name }
  })
}
