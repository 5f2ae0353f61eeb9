import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { MemberInvitationRow, toMemberInvitationRow } from './member-invitation-row.ts'

export const RevokeMemberInvitation = z.object({ id: z.uuid() })
export const RevokeMemberInvitationOutput = MemberInvitationRow

/** Its link opens nothing any more. One that was used is history: the member is removed instead. */
export async function revokeMemberInvitation(
  ctx: Context,
  input: z.infer<typeof RevokeMemberInvitation>,
): Promise<MemberInvitationRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    const where = { id: input.id, organizationId }
    const revoked = await tx.memberInvitation.updateMany({
      where: { ...where, usedAt: null, revokedAt: null },
      data: { revokedAt: ctx.now() },
    })
    const row = await tx.memberInvitation.findFirst({ where })
    if (!row) throw new Refusal('NOT_FOUND', 'There is no such invitation.')
    if (row.usedAt)
      throw new Refusal('CONFLICT', `${row.usedBy} came by it already.`, {
        reason: 'invitation-used',
        fix: 'Remove the member instead.',
      })
    if (revoked.count > 0)
      await audit(tx, ctx, {
        action: 'member.revoke-invitation',
        subject: { kind: 'member-invitation', id: row.id, name: row.email ?? `a ${row.role}` },
        before: { role: row.role, email: row.email },
      })
    return toMemberInvitationRow(row, ctx.now())
  })
}
