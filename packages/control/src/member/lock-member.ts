import type { Context, Role } from '../context.ts'
import type { Tx } from '../db.ts'
import { lockOrganization } from '../lock-organization.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export type LockedMember = { readonly id: string; readonly name: string; readonly email: string; readonly role: Role }

/** An owner is touched by owners only. */
export async function lockMember(tx: Tx, ctx: Context, organizationId: string, userId: string): Promise<LockedMember> {
  await lockOrganization(tx, organizationId)
  const member = await tx.membership.findFirst({ where: { organizationId, userId }, include: { user: true } })
  if (!member) throw new Refusal('NOT_FOUND', 'There is no such member.')
  if (member.role === 'owner') requireRole(ctx, 'owner')
  return { id: member.userId, name: member.user.name, email: member.user.email, role: member.role }
}

export async function keepAnOwner(tx: Tx, organizationId: string, member: LockedMember): Promise<void> {
  if (member.role !== 'owner') return
  const others = await tx.membership.count({ where: { organizationId, role: 'owner', userId: { not: member.id } } })
  if (others > 0) return
  throw new Refusal('PRECONDITION_FAILED', `${member.email} is the last owner of the organization.`, {
    reason: 'last-owner',
    fix: 'Make another member an owner first.',
  })
}
