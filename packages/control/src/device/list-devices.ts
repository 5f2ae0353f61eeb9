import { z } from 'zod'
import { ownNetwork } from '../cluster/own-network.ts'
import type { Context } from '../context.ts'
import { sqlOn } from '../machine/sql.ts'
import { requireRole } from '../require-role.ts'
import { DeviceRow, toDeviceRow } from './device-row.ts'
import { ownDevices, personOf } from './own-devices.ts'
import { readDeviceConfigs } from './render-device-config.ts'

export const ListDevices = z.object({ networkId: z.uuid() })
export const ListDevicesOutput = z.array(DeviceRow)

/** One's own; admins see everybody's. */
export async function listDevices(ctx: Context, input: z.infer<typeof ListDevices>): Promise<DeviceRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ownNetwork(ctx, organizationId, input.networkId)
  const devices = await ctx.db.prisma.device.findMany({
    where: { networkId: network.id, ...ownDevices(ctx) },
    include: { user: { select: { email: true } } },
    orderBy: [{ name: 'asc' }, { ordinal: 'asc' }],
  })
  if (devices.length === 0) return []
  const { configOf } = await readDeviceConfigs(sqlOn(ctx.db.pool), network.id)
  const known = { userId: personOf(ctx), now: ctx.now().getTime() }
  return devices.map((device) => toDeviceRow(device, network, { ...known, config: configOf?.(device.ordinal) ?? null }))
}
