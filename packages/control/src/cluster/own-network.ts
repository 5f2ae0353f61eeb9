import type { Context } from '../context.ts'
import type { Network } from '../db.ts'
import { Refusal } from '../refusal.ts'

/** Another tenant's network and one that never was answer alike. */
export async function ownNetwork(ctx: Context, organizationId: string, id: string): Promise<Network> {
  const network = await ctx.db.prisma.network.findFirst({ where: { id, organizationId } })
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return network
}
