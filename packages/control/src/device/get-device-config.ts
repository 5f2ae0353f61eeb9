import { z } from 'zod'
import type { Context } from '../context.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { ownDevices } from './own-devices.ts'
import { DeviceConfig, renderDeviceConfig } from './render-device-config.ts'

export const GetDeviceConfig = z.object({ id: z.uuid() })
export const GetDeviceConfigOutput = DeviceConfig

/** Again, when the gateway has moved: the device puts it beside the private key that it kept. */
export async function getDeviceConfig(ctx: Context, input: z.infer<typeof GetDeviceConfig>): Promise<DeviceConfig> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const device = await ctx.db.prisma.device.findFirst({
    where: { id: input.id, network: { organizationId }, revokedAt: null, ...ownDevices(ctx) },
  })
  if (!device) throw new Refusal('NOT_FOUND', 'There is no such device.')
  return renderDeviceConfig(sqlOn(ctx.db.pool), device.networkId, device.ordinal)
}
