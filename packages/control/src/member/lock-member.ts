import type { Context, Role } from '../context.ts'
import type { Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export type LockedMember = { readonly id: string; readonly name: string; readonly email: string; readonly role: Role }

/**
 * All changes of who belongs to an organization come one after the other: two owners cannot remove each other at once. Not FOR UPDATE:
 * who writes an event holds a key share of the organization, and may hold a network that a change of members waits for.
 */
export async function lockMembers(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM organizations WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`
}

/** An owner is touched by owners only. */
export async function lockMember(tx: Tx, ctx: Context, organizationId: string, userId: string): Promise<LockedMember> {
  await lockMembers(tx, organizationId)
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
