import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export const GetMe = z.object({})
export const GetMeOutput = z.object({
  kind: z.enum(['person', 'api-key']),
  /** An API key has its own id and name here, and no address. */
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  organization: z.object({ id: z.string(), name: z.string() }),
  role: OrganizationRole,
  version: z.string(),
})

export async function getMe(ctx: Context, version: string): Promise<z.infer<typeof GetMeOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { actor } = ctx
  if (actor.kind !== 'person' && actor.kind !== 'api-key') throw new Refusal('FORBIDDEN', 'Only persons and API keys.')
  const organization = await ctx.db.prisma.organization.findUnique({ where: { id: organizationId } })
  if (!organization) throw new Refusal('UNAUTHORIZED', 'The organization is gone.')
  return {
    kind: actor.kind,
    user: actor.kind === 'person' ? await person(ctx, actor.userId) : { id: actor.id, name: actor.name, email: '' },
    organization: { id: organization.id, name: organization.name },
    role: actor.role,
    version,
  }
}

async function person(ctx: Context, id: string): Promise<{ id: string; name: string; email: string }> {
  const user = await ctx.db.prisma.user.findUnique({ where: { id }, select: { id: true, name: true, email: true } })
  if (!user) throw new Refusal('UNAUTHORIZED', 'The account is gone.')
  return user
}
