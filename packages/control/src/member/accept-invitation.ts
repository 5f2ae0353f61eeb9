import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { duplicateOf } from '../db.ts'
import { notify } from '../hints.ts'
import { hashPassword, Password } from '../password.ts'
import { Email, PersonName } from '../person-input.ts'
import { Refusal } from '../refusal.ts'
import { inTransaction } from '../transaction.ts'
import { gone, openInvitation } from './open-invitation.ts'
import { wakeNetworks } from './wake-networks.ts'

export const AcceptInvitation = z.object({
  token: z.string().max(100),
  name: PersonName,
  /** needed where the invitation names none */
  email: Email.optional(),
  password: Password,
})
export const AcceptInvitationOutput = z.object({ userId: z.string(), email: z.string() })

/** The account of somebody who has the link. Of racers with one link one wins, and nothing of the others stays. */
export async function acceptInvitation(
  ctx: Context,
  input: z.infer<typeof AcceptInvitation>,
): Promise<z.infer<typeof AcceptInvitationOutput>> {
  const invitation = await openInvitation(ctx, input.token)
  const email = invitation.email ?? input.email
  if (email === undefined) throw new Refusal('BAD_REQUEST', 'Say your e-mail address.', { field: 'email' })
  if (input.email !== undefined && input.email !== email)
    throw new Refusal('FORBIDDEN', `This link is for ${email}.`, { field: 'email', reason: 'invitation-of-another' })
  const passwordHash = await hashPassword(input.password)
  const { organizationId, role } = invitation
  return inTransaction(ctx, async (tx) => {
    const now = ctx.now()
    const claimed = await tx.memberInvitation.updateMany({
      where: { id: invitation.id, usedAt: null, revokedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now, usedBy: email },
    })
    if (claimed.count === 0) throw gone('used', 'This link was used already.')
    await wakeNetworks(tx, organizationId)
    const user = await tx.user.create({ data: { email, name: input.name, passwordHash, createdAt: now } })
    await tx.membership.create({ data: { userId: user.id, organizationId, role, createdAt: now } })
    await audit(tx, ctx, {
      action: 'member.join',
      organization: organizationId,
      actorName: email,
      subject: { kind: 'person', id: user.id, name: email },
      after: { name: input.name, email, role, invitedBy: invitation.createdBy },
    })
    await notify(tx, { kind: 'membership', organization: organizationId })
    return { userId: user.id, email }
  }).catch((error) => {
    if (!duplicateOf(error)) throw error
    throw new Refusal('CONFLICT', `${email} has an account already.`, {
      field: 'email',
      reason: 'email-taken',
      fix: 'Sign in with it, or take another address.',
    })
  })
}
