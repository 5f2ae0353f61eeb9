import { z } from 'zod'
import { planClusterRemoval } from '../cluster/plan-cluster-removal.ts'
import { ClusterRemovalPreview } from '../cluster/preview-cluster-node-removal.ts'
import { readCluster } from '../cluster/read-cluster.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { planRemoval } from './plan-removal.ts'

export const PreviewNodeRemoval = z.object({ id: z.uuid() })
export const PreviewNodeRemovalOutput = z.object({
  cut: z.array(z.string()),
  /** others would be cut off altogether: `remove` wants `force` */
  needsForce: z.boolean(),
  /** It is in the cluster, whose way out comes first: `cluster.removeNode` with `leaveNetwork`. */
  cluster: ClusterRemovalPreview.nullable(),
})

export async function previewNodeRemoval(
  ctx: Context,
  input: z.infer<typeof PreviewNodeRemoval>,
): Promise<z.infer<typeof PreviewNodeRemovalOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const node = await ctx.db.prisma.node.findFirst({
    where: { id: input.id, network: { organizationId } },
    include: { network: true },
  })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const found = await readCluster(ctx, organizationId, node.networkId)
  const member = found?.members.find(({ nodeId, said }) => nodeId === node.id && said !== null)
  return {
    ...(await planRemoval(ctx.db.prisma, node.network, node)),
    cluster:
      found && member ? planClusterRemoval(found.cluster.settings, found.members, member, ctx.now().getTime()) : null,
  }
}
