import type { Context, Services } from '@spanwire/control/context'
import { createDevice } from '@spanwire/control/device/create-device'
import { devicesOf } from '@spanwire/lab/fleet/devices'

type Given = { readonly networkId: string; readonly seed: string /** e-mail */; readonly owner: string }

/** Laptops and phones of a person, whose keys the simulated gateway knows: some are connected, some away. */
export async function giveDevices(services: Services, { networkId, seed, owner }: Given): Promise<Context> {
  const user = await services.db.prisma.user.findUniqueOrThrow({
    where: { email: owner },
    include: { memberships: true },
  })
  const [membership] = user.memberships
  if (!membership) throw new Error(`${owner} is in no organization`)
  const { organizationId, role } = membership
  const ctx: Context = {
    ...services,
    actor: { kind: 'person', userId: user.id, name: owner, organizationId, role },
    address: null,
  }
  for (const device of devicesOf(seed)) await createDevice(ctx, { networkId, ...device })
  return ctx
}
