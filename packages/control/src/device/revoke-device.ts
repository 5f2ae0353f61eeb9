import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { DeviceRow, toDeviceRow } from './device-row.ts'
import { ownDevices, personOf } from './own-devices.ts'

export const RevokeDevice = z.object({ id: z.uuid() })
export const RevokeDeviceOutput = DeviceRow

/** As long as a node's: addresses are remembered. */
export const REST_MS = 7 * 24 * 60 * 60 * 1000

/** Its gateway drops it with the next configuration. */
export async function revokeDevice(ctx: Context, input: z.infer<typeof RevokeDevice>): Promise<DeviceRow> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const where = { id: input.id, network: { organizationId }, ...ownDevices(ctx) }
  return inTransaction(ctx, async (tx) => {
    const found = await tx.device.findFirst({ where, select: { networkId: true } })
    if (!found) throw new Refusal('NOT_FOUND', 'There is no such device.')
    const network = await lockNetwork(tx, organizationId, found.networkId)
    const now = ctx.now()
    const device = await tx.device.findFirstOrThrow({ where, include: { user: { select: { email: true } } } })
    const known = { userId: personOf(ctx), now: now.getTime(), config: null }
    if (device.revokedAt) return toDeviceRow(device, network, known)
    await bumpRevision(tx, network.id)
    await tx.device.update({ where: { id: device.id }, data: { revokedAt: now } })
    await tx.addressLease.updateMany({
      where: { networkId: network.id, deviceId: device.id },
      data: { deviceId: null, restingUntil: new Date(now.getTime() + REST_MS) },
    })
    await audit(tx, ctx, {
      action: 'device.revoke',
      network: network.id,
      subject: { kind: 'device', id: device.id, name: device.name },
      before: { publicKey: device.publicKey, owner: device.user.email },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return toDeviceRow({ ...device, revokedAt: now }, network, known)
  })
}
