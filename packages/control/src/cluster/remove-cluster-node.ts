import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ClusterNodeRow } from './cluster-row.ts'
import { lockMember } from './lock-member.ts'
import { planClusterRemoval } from './plan-cluster-removal.ts'
import { type Removal, readCluster } from './read-cluster.ts'
import { readClusterNode } from './read-cluster-detail.ts'
import { LEAVE_STEP, REMOVAL_STEPS } from './removal-steps.ts'

export const RemoveClusterNode = z.object({
  nodeId: z.uuid(),
  /** also when the cluster stops with it */
  force: z.boolean().optional(),
  /** off the network too, when it is out of the cluster */
  leaveNetwork: z.boolean().optional(),
})
export const RemoveClusterNodeOutput = ClusterNodeRow

/** Begins its way out; the steward takes the steps, each when the one before is behind. */
export async function removeClusterNode(
  ctx: Context,
  input: z.infer<typeof RemoveClusterNode>,
): Promise<ClusterNodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const network = await inTransaction(ctx, async (tx) => {
    const { node, network, member } = await lockMember(tx, organizationId, input.nodeId)
    const found = await readCluster(ctx, organizationId, network.id)
    const record = found?.members.find(({ nodeId }) => nodeId === node.id)
    const plan =
      found && record && planClusterRemoval(found.cluster.settings, found.members, record, ctx.now().getTime())
    if (plan?.needsForce && !input.force)
      throw new Refusal('PRECONDITION_FAILED', `${plan.cut.at(-1)}.`, {
        reason: 'cluster-stops',
        fix: 'Add another server first, or remove it with force.',
      })
    // The only server cannot take itself out of its own API: what is left is to take k3s off the machine.
    const isAlone = found?.members.every(({ nodeId, role }) => nodeId === node.id || role !== 'server') ?? false
    const at = ctx.now().toISOString()
    const begun = (member.removal ?? (isAlone && member.role === 'server' ? withoutServer(at) : {})) as Removal
    const removal = input.leaveNetwork
      ? { ...begun, [LEAVE_STEP.step]: { state: 'asked', text: 'when k3s is off the machine', at } }
      : begun
    await bumpRevision(tx, network.id)
    await tx.clusterNode.update({ where: { nodeId: node.id }, data: { removal } })
    await audit(tx, ctx, {
      action: 'cluster.remove-node',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { role: member.role, kubernetesName: member.kubernetesName },
      after: { leaveNetwork: input.leaveNetwork ?? false },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return network
  })
  return readClusterNode(ctx, network, input.nodeId)
}

function withoutServer(at: string): Removal {
  const fact = { state: 'skipped' as const, text: 'there is no other server to do it', at }
  return Object.fromEntries(REMOVAL_STEPS.filter(({ on }) => on === 'server').map(({ step }) => [step, fact]))
}
