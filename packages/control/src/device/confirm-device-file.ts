import { fileChanges } from '@spanwire/mesh/wireguard/device-file'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { DeviceRow, toDeviceRow } from './device-row.ts'
import { ownDevices, personOf } from './own-devices.ts'
import { DeviceConfig, renderDeviceConfig } from './render-device-config.ts'

/** `config`: what the person has put into the file, as `device.config` said it; without it, what it should have at this moment. */
export const ConfirmDeviceFile = z.object({ id: z.uuid(), config: DeviceConfig.optional() })
export const ConfirmDeviceFileOutput = DeviceRow

/** The file is on a machine that we cannot look into: its person says that it has what it should. */
export async function confirmDeviceFile(ctx: Context, input: z.infer<typeof ConfirmDeviceFile>): Promise<DeviceRow> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const where = { id: input.id, network: { organizationId }, revokedAt: null, ...ownDevices(ctx) }
  return inTransaction(ctx, async (tx) => {
    const found = await tx.device.findFirst({ where, select: { networkId: true } })
    if (!found) throw new Refusal('NOT_FOUND', 'There is no such device.')
    const network = await lockNetwork(tx, organizationId, found.networkId)
    const device = await tx.device.findFirstOrThrow({ where, include: { user: { select: { email: true } } } })
    const config = await renderDeviceConfig(sqlIn(tx), network.id, device.ordinal)
    if (input.config && fileChanges(input.config, config).length > 0) throw changedMeanwhile()
    const file = { ...config, at: ctx.now().toISOString() }
    await tx.device.update({ where: { id: device.id }, data: { file } })
    await audit(tx, ctx, {
      action: 'device.confirm-file',
      network: network.id,
      subject: { kind: 'device', id: device.id, name: device.name },
      after: { gateway: config.peer.name, endpoint: config.peer.endpoint },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return toDeviceRow({ ...device, file }, network, { userId: personOf(ctx), now: ctx.now().getTime(), config })
  })
}

const changedMeanwhile = () =>
  new Refusal('CONFLICT', 'What the file should have has changed meanwhile.', {
    reason: 'changed-meanwhile',
    fix: 'Look at it again, and put in what stands there.',
  })
