import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { addressesOf } from './addresses-of.ts'
import { buryNodes } from './bury-nodes.ts'
import { lockNode } from './lock-node.ts'
import { planRemoval } from './plan-removal.ts'
import { requireAction } from './require-action.ts'

/** etcd, kubelet and policies remember addresses: a freed one is nobody's for a week. */
const REST_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000

export const RemoveNode = z.object({
  id: z.uuid(),
  /** also when others are without any gateway then */
  force: z.boolean().optional(),
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
    await bumpRevision(tx, network.id)
    await buryNodes(tx, ctx, organizationId, [node])
    await tx.addressLease.updateMany({
      where: { networkId: network.id, nodeId: node.id },
      data: { nodeId: null, restingUntil: new Date(ctx.now().getTime() + REST_DAYS * DAY_MS) },
    })
    await tx.node.delete({ where: { id: node.id } })
    await audit(tx, ctx, {
      action: 'node.remove',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: {
        name: node.name,
        role: node.role,
        state: node.state,
        endpoint: node.endpoint,
        publicKey: node.publicKey,
        ...addressesOf({ ...network, ordinal: node.ordinal }),
      },
    })
    return { id: node.id, name: node.name }
  })
}
