import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { notInCluster } from './lock-member.ts'
import { planClusterRemoval } from './plan-cluster-removal.ts'
import { readCluster } from './read-cluster.ts'

export const PreviewClusterNodeRemoval = z.object({ nodeId: z.uuid() })
export const ClusterRemovalPreview = z.object({
  kubernetesName: z.string(),
  cut: z.array(z.string()),
  steps: z.array(z.object({ step: z.string(), title: z.string(), by: z.string() })),
  /** the cluster would stop: `removeNode` wants `force` */
  needsForce: z.boolean(),
  waitsFor: z.string().nullable(),
})
export const PreviewClusterNodeRemovalOutput = ClusterRemovalPreview

export async function previewClusterNodeRemoval(
  ctx: Context,
  input: z.infer<typeof PreviewClusterNodeRemoval>,
): Promise<z.infer<typeof ClusterRemovalPreview>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const node = await ctx.db.prisma.node.findFirst({ where: { id: input.nodeId, network: { organizationId } } })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const found = await readCluster(ctx, organizationId, node.networkId)
  const member = found?.members.find(({ nodeId }) => nodeId === node.id)
  if (!found || !member) throw notInCluster(node.name)
  return planClusterRemoval(found.cluster.settings, found.members, member, ctx.now().getTime())
}
