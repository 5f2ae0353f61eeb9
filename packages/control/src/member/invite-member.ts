import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { Email } from '../person-input.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { hashToken, makeToken } from '../secrets.ts'
import { inTransaction } from '../transaction.ts'
import { MemberInvitationRow, toMemberInvitationRow } from './member-invitation-row.ts'

const HOUR_MS = 3_600_000

export const InviteMember = z.object({
  role: OrganizationRole,
  /** only who has this address may use the link */
  email: Email.nullable().optional(),
  expiresInHours: z
    .number()
    .positive('It has to end after a while.')
    .max(24 * 14, 'Two weeks at most.')
    .default(48),
})
export const InviteMemberOutput = z.object({
  row: MemberInvitationRow,
  /** shown once */
  token: z.string(),
  /** the token stands behind the #, which no browser sends and no log keeps */
  url: z.string(),
})

/** A link by which somebody makes an account of their own, once. Nobody makes somebody mightier than themselves. */
export async function inviteMember(
  ctx: Context,
  input: z.infer<typeof InviteMember>,
): Promise<z.infer<typeof InviteMemberOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  requireRole(ctx, input.role)
  const token = makeToken('swi', ctx.random)
  const now = ctx.now()
  return inTransaction(ctx, async (tx) => {
    const email = input.email ?? null
    if (email !== null && (await tx.user.count({ where: { email } })) > 0)
      throw new Refusal('CONFLICT', `${email} has an account already.`, { field: 'email', reason: 'email-taken' })
    const invitation = await tx.memberInvitation.create({
      data: {
        organizationId,
        role: input.role,
        email,
        hash: hashToken(token),
        createdBy: actorName(ctx),
        createdAt: now,
        expiresAt: new Date(now.getTime() + input.expiresInHours * HOUR_MS),
      },
    })
    await audit(tx, ctx, {
      action: 'member.invite',
      subject: { kind: 'member-invitation', id: invitation.id, name: email ?? `a ${input.role}` },
      after: { role: input.role, email, expiresAt: invitation.expiresAt.toISOString() },
    })
    return { row: toMemberInvitationRow(invitation, now), token, url: `${ctx.server.url}/invitation#${token}` }
  })
}
