import { invariant } from '@spanwire/mesh/invariant'
import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ClusterDetail } from './cluster-row.ts'
import { lockCluster } from './lock-cluster.ts'
import { readClusterDetail } from './read-cluster-detail.ts'
import type { Rollout } from './rollout-record.ts'

export const ResumeRollout = z.object({ networkId: z.uuid() })
export const ResumeRolloutOutput = ClusterDetail

/** From the node on at which it stopped: whatever ailed it was mended. */
export async function resumeRollout(ctx: Context, input: z.infer<typeof ResumeRollout>): Promise<ClusterDetail> {
  const { organizationId } = requireRole(ctx, 'admin')
  const network = await inTransaction(ctx, async (tx) => {
    const { network, cluster } = await lockCluster(tx, organizationId, input.networkId)
    const rollout = cluster.rollout as Rollout | null
    if (!rollout) throw new Refusal('CONFLICT', 'No change of the cluster is under way.', { reason: 'wrong-state' })
    const { stopped } = rollout
    if (!stopped) return network
    // Its clock begins anew.
    const steps = rollout.steps.map((step) =>
      step.nodeId === stopped.nodeId && step.toldAt !== null ? { ...step, toldAt: ctx.now().getTime() } : step,
    )
    const next: Rollout = { ...rollout, steps, stopped: null }
    await bumpRevision(tx, network.id)
    await tx.cluster.update({ where: { id: cluster.id }, data: { rollout: next } })
    await audit(tx, ctx, {
      action: 'cluster.resume-rollout',
      network: network.id,
      subject: { kind: 'cluster', id: cluster.id, name: cluster.name },
      before: { told: rollout.steps.filter(({ toldAt }) => toldAt !== null).map(({ name }) => name) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return network
  })
  const after = await readClusterDetail(ctx, network)
  invariant(after, 'it was there a moment ago')
  return after
}
