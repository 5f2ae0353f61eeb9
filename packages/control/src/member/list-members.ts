import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { requireRole } from '../require-role.ts'
import { MemberRow } from './member-row.ts'

export const ListMembers = z.object({})
export const ListMembersOutput = z.array(MemberRow)

export async function listMembers(ctx: Context, _input: z.infer<typeof ListMembers>): Promise<MemberRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const members = await ctx.db.prisma.membership.findMany({
    where: { organizationId },
    include: { user: true },
    orderBy: { createdAt: 'asc' },
  })
  return members.map(({ user, role, createdAt }) => ({
    userId: user.id,
    name: user.name,
    email: user.email,
    role,
    createdAt: iso(createdAt),
  }))
}
