import { z } from 'zod'
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

export const RepeatRemovalStep = z.object({ nodeId: z.uuid(), step: RemovalStepName.exclude(['leave']) })
export const RepeatRemovalStepOutput = ClusterNodeRow

/** A step that failed is asked for once more. */
export async function repeatRemovalStep(
  ctx: Context,
  input: z.infer<typeof RepeatRemovalStep>,
): Promise<ClusterNodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const network = await inTransaction(ctx, async (tx) => {
    const { node, network, member } = await lockMember(tx, organizationId, input.nodeId)
    const removal = member.removal as Removal | null
    if (removal === null)
      throw new Refusal('CONFLICT', `${node.name} is not being removed from the cluster.`, { reason: 'wrong-state' })
    const fact = removal[input.step]
    if (fact?.state !== 'failed')
      throw new Refusal('CONFLICT', `${node.name}: this step has not failed.`, { reason: 'wrong-state' })
    const { [input.step]: _, ...rest } = removal
    await bumpRevision(tx, network.id)
    await tx.clusterNode.update({ where: { nodeId: node.id }, data: { removal: rest } })
    await audit(tx, ctx, {
      action: 'cluster.repeat-step',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { step: input.step, state: fact?.state ?? 'waiting' },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return network
  })
  return readClusterNode(ctx, network, input.nodeId)
}
