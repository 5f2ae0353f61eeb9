import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { planNetworkUpdate, UpdateNetwork } from './plan-network-update.ts'

export const PreviewNetworkUpdate = UpdateNetwork
export const PreviewNetworkUpdateOutput = z.object({ cut: z.array(z.string()) })

/** What the same change would cut. What it would be refused for, this is refused for. */
export async function previewNetworkUpdate(
  ctx: Context,
  input: z.infer<typeof PreviewNetworkUpdate>,
): Promise<z.infer<typeof PreviewNetworkUpdateOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ctx.db.prisma.network.findFirst({ where: { id: input.id, organizationId } })
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  const { cut } = await planNetworkUpdate(ctx, ctx.db.prisma, network, input)
  return { cut }
}
