import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { planRemoval } from './plan-removal.ts'

export const PreviewNodeRemoval = z.object({ id: z.uuid() })
export const PreviewNodeRemovalOutput = z.object({
  cut: z.array(z.string()),
  /** others would be cut off altogether: `remove` wants `force` */
  needsForce: z.boolean(),
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
  return planRemoval(ctx.db.prisma, node.network, node)
}
