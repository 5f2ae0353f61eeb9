import { invariant } from '@spanwire/mesh/invariant'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ClusterSettingsInput } from './cluster-input.ts'
import { ClusterDetail } from './cluster-row.ts'
import { lockCluster } from './lock-cluster.ts'
import { readClusterDetail } from './read-cluster-detail.ts'
import type { Rollout } from './rollout-record.ts'

export const AbortRollout = z.object({ networkId: z.uuid() })
export const AbortRolloutOutput = ClusterDetail

/** The old settings again: at once when no machine was told, else back to those that were, one after the other. */
export async function abortRollout(ctx: Context, input: z.infer<typeof AbortRollout>): Promise<ClusterDetail> {
  const { organizationId } = requireRole(ctx, 'admin')
  const network = await inTransaction(ctx, async (tx) => {
    const { network, cluster } = await lockCluster(tx, organizationId, input.networkId)
    const rollout = cluster.rollout as Rollout | null
    if (!rollout) throw new Refusal('CONFLICT', 'No change of the cluster is under way.', { reason: 'wrong-state' })
    const told = rollout.steps.filter(({ toldAt }) => toldAt !== null)
    const back: Rollout = {
      startedAt: ctx.now().toISOString(),
      startedBy: actorName(ctx),
      before: ClusterSettingsInput.parse(cluster.settings),
      beforeDatastore: cluster.datastore && Buffer.from(cluster.datastore).toString('base64'),
      // The one that did not come back has nothing to lose: it is told first.
      steps: told.toReversed().map((step, i) => ({ ...step, toldAt: i === 0 ? ctx.now().getTime() : null })),
      stopped: null,
    }
    await bumpRevision(tx, network.id)
    await tx.$executeRaw`UPDATE clusters SET settings = ${JSON.stringify(rollout.before)}::jsonb, name = ${rollout.before.name},
        datastore = decode(${rollout.beforeDatastore ?? null}::text, 'base64'),
        rollout = ${told.length === 0 ? null : JSON.stringify(back)}::jsonb WHERE id = ${cluster.id}::uuid`
    await audit(tx, ctx, {
      action: 'cluster.abort-rollout',
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
