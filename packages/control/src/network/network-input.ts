/** The fields of a network as persons write them, and the rules for them. */

import { parseOverlayRange, parseUla } from '@spanwire/mesh/ip/parse-overlay-range'
import { formatPrefix, type Prefix } from '@spanwire/mesh/ip/prefix'
import { parseInterfaceName } from '@spanwire/mesh/names/parse-interface-name'
import { parseNetworkName } from '@spanwire/mesh/names/parse-network-name'
import { parseMtu } from '@spanwire/mesh/wireguard/mtu'
import { z } from 'zod'
import { accept } from '../accept.ts'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { conflictsOf, type TakenRange, takenRanges } from './taken-ranges.ts'

export const DEFAULTS = { interfaceName: 'span0', listenPort: 51820, mtu: 1420, keepaliveSeconds: 25 } as const

/** Jumbo frames: no link that a tunnel runs over carries more. */
const MAX_MTU = 9000

export const networkFields = {
  name: z.string().max(300),
  cidr4: z.string().max(60),
  cidr6: z.string().max(60),
  interfaceName: z.string().max(60),
  listenPort: z.int().min(1, 'A UDP port is 1 to 65535.').max(65535, 'A UDP port is 1 to 65535.'),
  mtu: z.int(),
  // Home routers forget a silent UDP flow after 30 s or more; every 5 s is a tenth of a per cent of a modem's rate.
  keepaliveSeconds: z.int().min(5, 'Keepalives are 5 to 120 s apart.').max(120, 'Keepalives are 5 to 120 s apart.'),
}

export const acceptNetworkName = (name: string): string => accept(parseNetworkName(name), 'name')
export const acceptInterfaceName = (name: string): string => accept(parseInterfaceName(name), 'interfaceName')
export const acceptUla = (text: string): string => formatPrefix(accept(parseUla(text), 'cidr6'))

export function acceptMtu(value: number): number {
  const mtu = accept(parseMtu(value), 'mtu')
  if (mtu > MAX_MTU) throw new Refusal('BAD_REQUEST', `The MTU of a network is ${MAX_MTU} at most.`, { field: 'mtu' })
  return mtu
}

/** `except`: the network that is being changed. */
export async function acceptRange(
  ctx: Context,
  organizationId: string,
  text: string,
  tx: Tx | Db['prisma'],
  except?: string,
): Promise<string> {
  const range = accept(parseOverlayRange(text), 'cidr4')
  const taken = await takenRanges(ctx, organizationId, except, tx)
  refuseConflicts(range, taken)
  return formatPrefix(range)
}

function refuseConflicts(range: Prefix, taken: readonly TakenRange[]): void {
  const [first, ...more] = conflictsOf(range, taken)
  if (!first) return
  const others = more.length === 0 ? '' : ` and ${more.length} more`
  throw new Refusal('CONFLICT', `${formatPrefix(range)} meets ${first.prefix} of ${first.with}${others}.`, {
    field: 'cidr4',
    reason: 'range-conflict',
    fix: 'Take the range that is proposed, or another that nothing uses.',
  })
}
