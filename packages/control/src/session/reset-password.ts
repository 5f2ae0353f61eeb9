import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { hashPassword, Password } from '../password.ts'
import { Refusal } from '../refusal.ts'
import { inTransaction } from '../transaction.ts'

export const ResetPassword = z.object({ email: z.string().trim().toLowerCase(), password: Password })

/** For the administrator's command line: there is no way to it over HTTP. Ends all sessions of the person. */
export async function resetPassword(ctx: Context, input: z.infer<typeof ResetPassword>): Promise<void> {
  if (ctx.actor.kind !== 'system') throw new Refusal('FORBIDDEN', 'a password is reset on the server itself')
  const passwordHash = await hashPassword(input.password)
  await inTransaction(ctx, async (tx) => {
    const user = await tx.user.findUnique({ where: { email: input.email }, include: { memberships: true } })
    if (!user) throw new Refusal('NOT_FOUND', `nobody has an account with the address ${input.email}`)
    await tx.user.update({ where: { id: user.id }, data: { passwordHash } })
    for (const { organizationId } of user.memberships) {
      await audit(tx, ctx, {
        action: 'person.reset-password',
        organization: organizationId,
        subject: { kind: 'person', id: user.id, name: user.email },
      })
    }
  })
  await ctx.limits.signInByAccount.clear(input.email)
}
