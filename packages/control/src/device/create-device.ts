import { parseDnsLabel } from '@spanwire/mesh/names/dns-label'
import { parsePublicKey } from '@spanwire/mesh/wireguard/key'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { duplicateOf, type Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { MachineRefusal } from '../machine/answer.ts'
import { givePlace } from '../machine/give-place.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { uuid7 } from '../machine/uuid7.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { addressesOf } from '../node/addresses-of.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { DeviceRow, toDeviceRow } from './device-row.ts'
import { personOf } from './own-devices.ts'
import { DeviceConfig, renderDeviceConfig } from './render-device-config.ts'

export const CreateDevice = z.object({
  networkId: z.uuid(),
  name: z.string().max(300),
  /** made where the private one stays */
  publicKey: z.string().max(100),
  expiresInDays: z.number().int().min(1).max(365).nullable(),
})
export const CreateDeviceOutput = z.object({ device: DeviceRow, config: DeviceConfig })

/** An address each: somebody who may only look must not use up the range. */
const MOST_DEVICES = 20
const DAY_MS = 24 * 60 * 60 * 1000

/** Everybody's own: a device can reach what the network lets its person reach. */
export async function createDevice(
  ctx: Context,
  input: z.infer<typeof CreateDevice>,
): Promise<z.infer<typeof CreateDeviceOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const userId = personOf(ctx)
  if (userId === null)
    throw new Refusal('FORBIDDEN', 'A device belongs to a person; sign in to add one.', { reason: 'not-a-person' })
  const name = accept(parseDnsLabel(input.name, 'device name'), 'name')
  const publicKey = accept(parsePublicKey(input.publicKey), 'publicKey')
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    await refuseKnownKey(tx, network.id, publicKey)
    const count = await tx.device.count({ where: { networkId: network.id, userId, revokedAt: null } })
    if (count >= MOST_DEVICES) throw tooMany()
    const now = ctx.now()
    const id = uuid7(now, ctx.random)
    await bumpRevision(tx, network.id)
    const ordinal = await givePlace(sqlIn(tx), network, { deviceId: id }, now).catch((error) => {
      throw error instanceof MachineRefusal
        ? new Refusal('PRECONDITION_FAILED', error.message, { reason: error.code })
        : error
    })
    const expiresAt = input.expiresInDays === null ? null : new Date(now.getTime() + input.expiresInDays * DAY_MS)
    const config = await renderDeviceConfig(sqlIn(tx), network.id, ordinal)
    const file = { ...config, at: now.toISOString() }
    const device = await tx.device.create({
      data: { id, networkId: network.id, userId, name, publicKey, ordinal, createdAt: now, expiresAt, file },
      include: { user: { select: { email: true } } },
    })
    await audit(tx, ctx, {
      action: 'device.create',
      network: network.id,
      subject: { kind: 'device', id, name },
      after: { publicKey, expiresAt: expiresAt?.toISOString() ?? null, ...addressesOf({ ...network, ordinal }) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return { device: toDeviceRow(device, network, { userId, now: now.getTime(), config }), config }
  }).catch((error) => {
    throw duplicateOf(error) ? keyInUse() : error
  })
}

async function refuseKnownKey(tx: Tx, networkId: string, publicKey: string): Promise<void> {
  const where = { networkId, publicKey }
  const known =
    (await tx.node.findFirst({ where, select: { id: true } })) ??
    (await tx.tombstone.findFirst({ where, select: { nodeId: true } }))
  if (known) throw keyInUse()
}

const keyInUse = () =>
  new Refusal('CONFLICT', 'This key is, or was, in use in the network.', {
    field: 'publicKey',
    reason: 'key-in-use',
    fix: 'Make a new key on the device.',
  })
const tooMany = () =>
  new Refusal('PRECONDITION_FAILED', `One person has ${MOST_DEVICES} devices in a network at most.`, {
    reason: 'too-many-devices',
    fix: 'Revoke one that is not used any more.',
  })
