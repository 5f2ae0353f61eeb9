import { checkCluster } from '@spanwire/mesh/cluster/check-cluster'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { clusterContext } from './cluster-context.ts'
import { ClusterSettingsInput } from './cluster-input.ts'
import { ClusterFinding } from './cluster-row.ts'
import { readFileMembers } from './member-files.ts'
import { ownNetwork } from './own-network.ts'
import { planClusterUpdate } from './plan-cluster-update.ts'

export const PreviewClusterUpdate = z.object({ networkId: z.uuid(), settings: ClusterSettingsInput })
export const PreviewClusterUpdateOutput = z.object({
  findings: z.array(ClusterFinding),
  /** in the order of their turns */
  steps: z.array(
    z.object({
      nodeId: z.string(),
      name: z.string(),
      restarts: z.boolean(),
      /** a file of secrets, registries or the installer changes too */
      hidden: z.boolean(),
      changes: z.array(
        z.object({
          key: z.string(),
          before: z.string().nullable(),
          after: z.string().nullable(),
          effect: z.enum(['restart', 'cut', 'api', 'never']),
          note: z.string().nullable(),
        }),
      ),
    }),
  ),
  unchanged: z.array(z.string()),
  refused: z.array(z.object({ name: z.string(), key: z.string(), text: z.string() })),
  cuts: z.array(z.string()),
})

export async function previewClusterUpdate(
  ctx: Context,
  input: z.infer<typeof PreviewClusterUpdate>,
): Promise<z.infer<typeof PreviewClusterUpdateOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ownNetwork(ctx, organizationId, input.networkId)
  const cluster = await ctx.db.prisma.cluster.findUnique({ where: { networkId: network.id } })
  if (!cluster) throw new Refusal('PRECONDITION_FAILED', 'This network has no cluster yet.', { reason: 'no-cluster' })
  const members = await readFileMembers(sqlOn(ctx.db.pool), network.id)
  const before = { settings: ClusterSettingsInput.parse(cluster.settings), datastore: cluster.datastore }
  // Its address comes with the change itself: here only what can be seen matters.
  const datastore =
    input.settings.datastore === 'external' ? (cluster.datastore ?? ctx.seal.encrypt('-', 'cluster datastore')) : null
  const plan = planClusterUpdate(ctx.seal, members, before, { settings: input.settings, datastore })
  return {
    findings: checkCluster(input.settings, await clusterContext(ctx, network)),
    steps: plan.steps.map((step) => ({ ...step, changes: [...step.changes], hidden: plan.hidden.has(step.nodeId) })),
    unchanged: [...plan.unchanged],
    refused: plan.refused.map(({ name, change }) => ({ name, key: change.key, text: change.note ?? '' })),
    cuts: [...plan.cuts],
  }
}
