import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { hashPassword, verifyPassword } from '../password.ts'
import { inTransaction } from '../transaction.ts'
import { sessionSubject } from './session-subject.ts'

export const SignIn = z.object({
  email: z.string().trim().toLowerCase().max(320),
  password: z.string().max(1024),
})

export type SignedIn = { subject: string; name: string; email: string }

/** null when the account or the password is wrong, and both take the same time. Tries are counted by account and by socket address. */
export async function signIn(ctx: Context, input: z.infer<typeof SignIn>): Promise<SignedIn | null> {
  if (ctx.address) await ctx.limits.signInByAddress.take(ctx.address)
  await ctx.limits.signInByAccount.take(input.email)
  const user = await ctx.db.prisma.user.findUnique({ where: { email: input.email }, include: { memberships: true } })
  const [membership] = user?.memberships ?? []
  const right = await verifyPassword(user?.passwordHash ?? (await nobodysHash()), input.password)
  if (!user || !membership || !right) return null
  await ctx.limits.signInByAccount.clear(input.email)
  await inTransaction(ctx, (tx) =>
    audit(tx, ctx, {
      action: 'person.sign-in',
      organization: membership.organizationId,
      actorName: user.email,
      subject: { kind: 'person', id: user.id, name: user.email },
    }),
  )
  return { subject: sessionSubject(user, membership.role), name: user.name, email: user.email }
}

/** Of a password that nobody knows: an account that is not there costs as much as one that is. */
let nobodys: Promise<string> | undefined
function nobodysHash(): Promise<string> {
  const made = nobodys ?? hashPassword(randomUUID())
  nobodys = made
  return made
}
