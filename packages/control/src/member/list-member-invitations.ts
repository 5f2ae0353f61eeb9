import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { MemberInvitationRow, toMemberInvitationRow } from './member-invitation-row.ts'

export const ListMemberInvitations = z.object({})
export const ListMemberInvitationsOutput = z.array(MemberInvitationRow)

const MOST = 200

/** The newest first. */
export async function listMemberInvitations(
  ctx: Context,
  _input: z.infer<typeof ListMemberInvitations>,
): Promise<MemberInvitationRow[]> {
  const { organizationId } = requireRole(ctx, 'admin')
  const rows = await ctx.db.prisma.memberInvitation.findMany({
    where: { organizationId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST,
  })
  return rows.map((row) => toMemberInvitationRow(row, ctx.now()))
}
