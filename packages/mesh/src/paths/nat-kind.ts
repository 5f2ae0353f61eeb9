/**
 * What stands between a node's direct interface and the world, by where gateways see its packets come from. WireGuard's own packets
 * show it: there is no STUN.
 *
 *   it has a declared endpoint                       open: everybody can call it
 *   two gateways see two ports                       hard: a new port for each peer, so nobody can call it
 *   two gateways see one port                        easy: whoever it calls can call it back there
 *   one sees a public address of the machine's own   easy: nothing translates
 *   one gateway, another address                     unknown: only a second gateway could tell
 *
 * A gateway in the same LAN sees an address of that LAN, which says nothing about the way out.
 */
import { type Address, formatAddress } from '../ip/address.ts'
import type { NumericEndpoint } from '../ip/endpoint.ts'
import { isPrivate } from '../ip/is-private.ts'

export type DirectNatKind = 'open' | 'easy' | 'hard' | 'unknown'

export type DirectSight = {
  readonly hasDeclaredEndpoint: boolean
  readonly ownAddresses: readonly Address[]
  /** By different gateways. */
  readonly observed: readonly NumericEndpoint[]
}

export function directNatKind({ hasDeclaredEndpoint, ownAddresses, observed }: DirectSight): DirectNatKind {
  if (hasDeclaredEndpoint) return 'open'
  const own = new Set(ownAddresses.map(formatAddress))
  const isOwn = ({ address }: NumericEndpoint) => own.has(formatAddress(address))
  const outside = observed.filter((endpoint) => !isOwn(endpoint))
  for (const family of [4, 6] as const) {
    const ports = new Set(outside.filter(({ address }) => address.family === family).map(({ port }) => port))
    if (ports.size > 1) return 'hard'
  }
  if (observed.some((endpoint) => isOwn(endpoint) && !isPrivate(endpoint.address))) return 'easy'
  const most = Math.max(...([4, 6] as const).map((f) => outside.filter(({ address }) => address.family === f).length))
  return most > 1 ? 'easy' : 'unknown'
}
