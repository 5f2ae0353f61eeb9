import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { endInvitationsOf } from './end-invitations-of.ts'
import { keepAnOwner, lockMember } from './lock-member.ts'
import { wakeNetworks } from './wake-networks.ts'

export const SetMemberRole = z.object({ userId: z.uuid(), role: OrganizationRole })
export const SetMemberRoleOutput = z.object({ userId: z.string(), role: OrganizationRole })

/** Ends the person's sessions and open streams: they sign in again with the new role. In clusters it holds when a server has heard of it. */
export async function setMemberRole(
  ctx: Context,
  input: z.infer<typeof SetMemberRole>,
): Promise<z.infer<typeof SetMemberRoleOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  requireRole(ctx, input.role)
  return inTransaction(ctx, async (tx) => {
    const member = await lockMember(tx, ctx, organizationId, input.userId)
    if (member.role === input.role) return input
    if (input.role !== 'owner') await keepAnOwner(tx, organizationId, member)
    await wakeNetworks(tx, organizationId)
    // They were made by somebody who might do so then.
    await endInvitationsOf(tx, organizationId, member.email, ctx.now())
    await tx.membership.update({
      where: { userId_organizationId: { userId: member.id, organizationId } },
      data: { role: input.role },
    })
    await audit(tx, ctx, {
      action: 'member.set-role',
      subject: { kind: 'person', id: member.id, name: member.email },
      before: { role: member.role },
      after: { role: input.role },
    })
    await notify(tx, { kind: 'membership', organization: organizationId })
    return input
  })
}
