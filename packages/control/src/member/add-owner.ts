import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { duplicateOf } from '../db.ts'
import { hashPassword, Password } from '../password.ts'
import { Email, PersonName } from '../person-input.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { wakeNetworks } from './wake-networks.ts'

export const AddOwner = z.object({
  name: PersonName,
  email: Email,
  password: Password,
})

/** One more owner of an organization that is there. Only from the server's own command line. */
export async function addOwner(ctx: Context, input: z.infer<typeof AddOwner>): Promise<{ userId: string }> {
  const { organizationId } = requireRole(ctx, 'owner')
  if (ctx.actor.kind !== 'system') throw new Refusal('FORBIDDEN', 'an owner is added on the server itself')
  const passwordHash = await hashPassword(input.password)
  try {
    return await inTransaction(ctx, async (tx) => {
      await wakeNetworks(tx, organizationId)
      const user = await tx.user.create({ data: { email: input.email, name: input.name, passwordHash } })
      await tx.membership.create({ data: { userId: user.id, organizationId, role: 'owner' } })
      await audit(tx, ctx, {
        action: 'member.add',
        organization: organizationId,
        subject: { kind: 'person', id: user.id, name: user.email },
        after: { role: 'owner' },
      })
      return { userId: user.id }
    })
  } catch (error) {
    if (!duplicateOf(error)) throw error
    throw new Refusal('CONFLICT', `${input.email} has an account already`, {
      fix: 'A new password is given by `npm run admin -- reset-password`.',
    })
  }
}
