import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { duplicateOf } from '../db.ts'
import { notify } from '../hints.ts'
import { iso } from '../iso.ts'
import { hashPassword, Password } from '../password.ts'
import { Email, PersonName } from '../person-input.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { MemberRow } from './member-row.ts'
import { wakeNetworks } from './wake-networks.ts'

export const AddMember = z.object({ name: PersonName, email: Email, password: Password, role: OrganizationRole })
export const AddMemberOutput = MemberRow

/** An account with a first password. Nobody makes somebody mightier than themselves. */
export async function addMember(ctx: Context, input: z.infer<typeof AddMember>): Promise<MemberRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  requireRole(ctx, input.role)
  const passwordHash = await hashPassword(input.password)
  return inTransaction(ctx, async (tx) => {
    await wakeNetworks(tx, organizationId)
    const user = await tx.user.create({
      data: { email: input.email, name: input.name, passwordHash, createdAt: ctx.now() },
    })
    const membership = await tx.membership.create({
      data: { userId: user.id, organizationId, role: input.role, createdAt: ctx.now() },
    })
    await audit(tx, ctx, {
      action: 'member.add',
      subject: { kind: 'person', id: user.id, name: user.email },
      after: { name: user.name, email: user.email, role: input.role },
    })
    await notify(tx, { kind: 'membership', organization: organizationId })
    return {
      userId: user.id,
      name: user.name,
      email: user.email,
      role: membership.role,
      createdAt: iso(membership.createdAt),
    }
  }).catch((error) => {
    if (!duplicateOf(error)) throw error
    throw new Refusal('CONFLICT', `${input.email} has an account already.`, { field: 'email', reason: 'email-taken' })
  })
}
