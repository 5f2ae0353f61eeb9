import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ClusterNodeRow, RemovalStepName } from './cluster-row.ts'
import { lockMember } from './lock-member.ts'
import type { Removal } from './read-cluster.ts'
import { readClusterNode } from './read-cluster-detail.ts'
import { isBehind, REMOVAL_STEPS } from './removal-steps.ts'

export const SkipRemovalStep = z.object({ nodeId: z.uuid(), step: RemovalStepName.exclude(['leave']) })
export const SkipRemovalStepOutput = ClusterNodeRow

/** When it cannot succeed: the machine or the cluster is gone, and the rest is to be done all the same. */
export async function skipRemovalStep(ctx: Context, input: z.infer<typeof SkipRemovalStep>): Promise<ClusterNodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const network = await inTransaction(ctx, async (tx) => {
    const { node, network, member } = await lockMember(tx, organizationId, input.nodeId)
    const removal = member.removal as Removal | null
    if (removal === null)
      throw new Refusal('CONFLICT', `${node.name} is not being removed from the cluster.`, { reason: 'wrong-state' })
    const fact = removal[input.step]
    const before = REMOVAL_STEPS.slice(
      0,
      REMOVAL_STEPS.findIndex(({ step }) => step === input.step),
    )
    if (isBehind(fact) || !before.every(({ step }) => isBehind(removal[step])))
      throw new Refusal('CONFLICT', `${node.name}: it is not this step that stands in the way.`, {
        reason: 'wrong-state',
      })
    const skipped = { state: 'skipped', text: `left out by ${actorName(ctx)}`, at: ctx.now().toISOString() }
    await bumpRevision(tx, network.id)
    await tx.clusterNode.update({
      where: { nodeId: node.id },
      data: { removal: { ...removal, [input.step]: skipped } },
    })
    await audit(tx, ctx, {
      action: 'cluster.skip-step',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { step: input.step, state: fact?.state ?? 'waiting' },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return network
  })
  return readClusterNode(ctx, network, input.nodeId)
}
