import { invariant } from '@spanwire/mesh/invariant'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockOrganization } from '../lock-organization.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { acceptCluster, clusterContext } from './cluster-context.ts'
import { ClusterSettingsInput, DatastoreEndpoint } from './cluster-input.ts'
import { ClusterDetail } from './cluster-row.ts'
import { acceptDatastore } from './datastore.ts'
import { lockCluster } from './lock-cluster.ts'
import { readFileMembers } from './member-files.ts'
import { planClusterUpdate } from './plan-cluster-update.ts'
import { readClusterDetail } from './read-cluster-detail.ts'
import type { Rollout } from './rollout-record.ts'

export const UpdateCluster = z.object({
  networkId: z.uuid(),
  settings: ClusterSettingsInput,
  datastoreEndpoint: DatastoreEndpoint,
})
export const UpdateClusterOutput = ClusterDetail

/** The settings change at once; machines on which k3s runs get theirs one after the other. */
export async function updateCluster(ctx: Context, input: z.infer<typeof UpdateCluster>): Promise<ClusterDetail> {
  const { organizationId } = requireRole(ctx, 'admin')
  const { settings } = input
  const network = await inTransaction(ctx, async (tx) => {
    await lockOrganization(tx, organizationId)
    const { network, cluster } = await lockCluster(tx, organizationId, input.networkId)
    if (cluster.rollout) throw underWay()
    acceptCluster(settings, await clusterContext(ctx, network))
    const datastore = acceptDatastore(ctx, settings, input.datastoreEndpoint ?? null, cluster.datastore)
    const before = ClusterSettingsInput.parse(cluster.settings)
    const changed = changes<Record<string, unknown>>(before, settings)
    if (!changed && datastore === cluster.datastore) return network
    const members = await readFileMembers(sqlOn(ctx.db.pool), network.id)
    const plan = planClusterUpdate(
      ctx.seal,
      members,
      { settings: before, datastore: cluster.datastore },
      { settings, datastore },
    )
    const [refused] = plan.refused
    if (refused)
      throw new Refusal(
        'PRECONDITION_FAILED',
        `${refused.change.key} cannot change while ${refused.name} runs with it.`,
        {
          reason: 'cannot-change',
          field: 'settings',
          fix: refused.change.note ?? undefined,
        },
      )
    const rollout: Rollout | null =
      plan.steps.length === 0
        ? null
        : {
            startedAt: ctx.now().toISOString(),
            startedBy: actorName(ctx),
            before,
            beforeDatastore: cluster.datastore && Buffer.from(cluster.datastore).toString('base64'),
            steps: plan.steps.map(({ nodeId, name }) => ({ nodeId, name, toldAt: null })),
            stopped: null,
          }
    await bumpRevision(tx, network.id)
    await tx.cluster.update({
      where: { id: cluster.id },
      data: { name: settings.name, settings, datastore, ...(rollout && { rollout }) },
    })
    await audit(tx, ctx, {
      action: 'cluster.update',
      network: network.id,
      subject: { kind: 'cluster', id: cluster.id, name: settings.name },
      before: changed?.before ?? {},
      after: changed?.after ?? {},
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return network
  })
  const updated = await readClusterDetail(ctx, network)
  invariant(updated, 'it was changed a moment ago')
  return updated
}

const underWay = () =>
  new Refusal('CONFLICT', 'A change of the cluster is under way.', {
    reason: 'rollout-under-way',
    fix: 'Wait until all nodes have it, or call it off.',
  })
