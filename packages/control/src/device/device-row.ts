/** A device as the console reads it. */
import { humanAge } from '@spanwire/mesh/health/human-age'
import { type DeviceFile, fileChanges } from '@spanwire/mesh/wireguard/device-file'
import { z } from 'zod'
import type { Device, Network } from '../db.ts'
import { iso } from '../iso.ts'
import { addressesOf } from '../node/addresses-of.ts'
import { FactStatus } from '../node/fact.ts'
import type { DeviceConfig } from './render-device-config.ts'
import type { DeviceSeen } from './write-seen.ts'

export const DeviceRow = z
  .object({
    id: z.string(),
    networkId: z.string(),
    name: z.string(),
    /** e-mail */
    owner: z.string(),
    mine: z.boolean(),
    publicKey: z.string(),
    address4: z.string(),
    address6: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    status: FactStatus,
    text: z.string(),
    handshakeAt: z.string().nullable(),
    endpoint: z.string().nullable(),
    /** as its gateway counts them */
    rxBytes: z.number().nullable(),
    txBytes: z.number().nullable(),
    seenAt: z.string().nullable(),
    gateway: z.string().nullable(),
    /** what has changed since its person was given its file, as parts of a sentence; the device does not hear of it by itself */
    fileChanges: z.array(z.string()),
    /** when its person was given the file, or last said that it is as it should be */
    fileAt: z.string().nullable(),
  })
  .meta({ id: 'Device' })
export type DeviceRow = z.infer<typeof DeviceRow>

/** As it was given out, and when. */
type GivenFile = DeviceFile & { readonly at: string }

type Known = {
  readonly userId: string | null
  readonly now: number
  /** What its file should have; null when that is not to be said: it has ended, or there is no gateway. */
  readonly config: DeviceConfig | null
}

/** WireGuard makes a new session every 2 minutes while anything is sent, and ends one at 3 (REJECT_AFTER_TIME). */
const SESSION_MS = 180_000

export function toDeviceRow(
  device: Device & { user: { email: string } },
  network: Network,
  { userId, now, config }: Known,
): DeviceRow {
  const { address4, address6 } = addressesOf({ ...network, ordinal: device.ordinal })
  const seen = device.seen as DeviceSeen | null
  const state = stateOf(device, now)
  const file = device.file as GivenFile | null
  return {
    id: device.id,
    networkId: device.networkId,
    name: device.name,
    owner: device.user.email,
    mine: device.userId === userId,
    publicKey: device.publicKey,
    address4: address4 ?? '',
    address6: address6 ?? '',
    state,
    createdAt: iso(device.createdAt),
    expiresAt: iso(device.expiresAt),
    ...judge(state, device, seen, now),
    handshakeAt: iso(seen?.handshakeAt ?? null),
    endpoint: seen?.endpoint ?? null,
    rxBytes: seen?.rxBytes ?? null,
    txBytes: seen?.txBytes ?? null,
    seenAt: iso(device.seenAt),
    gateway: seen?.gateway ?? null,
    fileChanges: state === 'active' && file && config ? fileChanges(file, config) : [],
    fileAt: file?.at ?? null,
  }
}

function stateOf({ expiresAt, revokedAt }: Device, now: number): DeviceRow['state'] {
  const isOver = expiresAt !== null && expiresAt.getTime() <= (revokedAt?.getTime() ?? now)
  return isOver ? 'expired' : revokedAt === null ? 'active' : 'revoked'
}

/** A device that is switched off is nothing bad: only what was measured is said. */
function judge(
  state: DeviceRow['state'],
  { expiresAt, revokedAt, seenAt }: Device,
  seen: DeviceSeen | null,
  now: number,
): Pick<DeviceRow, 'status' | 'text'> {
  const ended = state === 'expired' ? expiresAt : revokedAt
  if (state !== 'active') return { status: 'none', text: `${state} ${humanAge(now - (ended?.getTime() ?? now))} ago` }
  const handshakeAt = seen?.handshakeAt ?? null
  if (!seen || seenAt === null) return { status: 'unknown', text: 'its gateway has not spoken of it yet' }
  if (handshakeAt === null) return { status: 'none', text: `has not connected to ${seen.gateway} yet` }
  if (now - seenAt.getTime() > SESSION_MS)
    return {
      status: 'unknown',
      text: `not known: ${seen.gateway} last spoke of it ${humanAge(now - seenAt.getTime())} ago`,
    }
  const age = now - handshakeAt
  return age <= SESSION_MS
    ? { status: 'good', text: `connected: handshake with ${seen.gateway} ${humanAge(age)} ago` }
    : { status: 'none', text: `not connected; last handshake with ${seen.gateway} ${humanAge(age)} ago` }
}
