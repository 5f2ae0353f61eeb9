import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { REST_MS } from '../device/revoke-device.ts'
import { notify } from '../hints.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { endInvitationsOf } from './end-invitations-of.ts'
import { keepAnOwner, lockMember } from './lock-member.ts'
import { wakeNetworks } from './wake-networks.ts'

export const RemoveMember = z.object({ userId: z.uuid() })
export const RemoveMemberOutput = z.object({ userId: z.string(), email: z.string() })

/**
 * The account goes with its last membership, and the person's devices go with it. What the person made stays, under the name it was
 * made by.
 */
export async function removeMember(
  ctx: Context,
  input: z.infer<typeof RemoveMember>,
): Promise<z.infer<typeof RemoveMemberOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    const member = await lockMember(tx, ctx, organizationId, input.userId)
    await keepAnOwner(tx, organizationId, member)
    await wakeNetworks(tx, organizationId, member.id)
    const devices = await endDevicesOf(tx, organizationId, member.id, ctx.now())
    const invitations = await endInvitationsOf(tx, organizationId, member.email, ctx.now())
    await tx.membership.delete({ where: { userId_organizationId: { userId: member.id, organizationId } } })
    if ((await tx.membership.count({ where: { userId: member.id } })) === 0) {
      await tx.user.delete({ where: { id: member.id } })
    }
    await audit(tx, ctx, {
      action: 'member.remove',
      subject: { kind: 'person', id: member.id, name: member.email },
      before: { name: member.name, email: member.email, role: member.role, devices, invitations },
    })
    await notify(tx, { kind: 'membership', organization: organizationId })
    return { userId: member.id, email: member.email }
  })
}

/** Their gateways drop them; their addresses rest. */
async function endDevicesOf(tx: Tx, organizationId: string, userId: string, now: Date): Promise<string[]> {
  const where = { userId, network: { organizationId }, revokedAt: null }
  const devices = await tx.device.findMany({ where, select: { id: true, name: true }, orderBy: { name: 'asc' } })
  await tx.device.updateMany({ where, data: { revokedAt: now } })
  await tx.addressLease.updateMany({
    where: { deviceId: { in: devices.map(({ id }) => id) } },
    data: { deviceId: null, restingUntil: new Date(now.getTime() + REST_MS) },
  })
  return devices.map(({ name }) => name)
}
