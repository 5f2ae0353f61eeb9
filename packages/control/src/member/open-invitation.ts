import type { Context } from '../context.ts'
import type { MemberInvitation, Organization } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { hashToken } from '../secrets.ts'

export type OpenInvitation = MemberInvitation & { readonly organization: Organization }

/** Whom a token invites, or why it does not any more. Tries are counted by address, though nobody guesses 256 bits. */
export async function openInvitation(ctx: Context, token: string): Promise<OpenInvitation> {
  if (ctx.address !== null) await ctx.limits.signInByAddress.take(ctx.address)
  const isToken = /^swi_[A-Za-z0-9_-]{43}$/.test(token)
  const invitation = isToken
    ? await ctx.db.prisma.memberInvitation.findUnique({
        where: { hash: hashToken(token) },
        include: { organization: true },
      })
    : null
  if (!invitation) throw gone('unknown', 'This link is not one that was given here.')
  if (invitation.usedAt) throw gone('used', 'This link was used already.')
  if (invitation.revokedAt) throw gone('revoked', 'This link was taken back.')
  if (invitation.expiresAt <= ctx.now()) throw gone('expired', 'This link has ended.')
  return invitation
}

export const gone = (why: 'unknown' | 'used' | 'revoked' | 'expired', message: string): Refusal =>
  new Refusal('NOT_FOUND', message, {
    reason: `invitation-${why}`,
    fix: why === 'used' ? 'Sign in, or ask for another one.' : 'Ask who sent it for another one.',
  })
