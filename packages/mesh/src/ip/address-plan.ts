/**
 * Which addresses a node of a network has. All follow from its ordinal, which it keeps for life: nothing is ever renumbered.
 *
 *   10.77.0.0/16           n     10.77.0.0 + n                    the node, IPv4
 *   fdxx:xxxx:xxxx::/48    n     fdxx:xxxx:xxxx:0::n              the node, IPv6, in subnet 0 of the ULA
 *                          s, n  fdxx:xxxx:xxxx:ff00+s::n         the node's interface of slot s, pinged to know that a path lives
 */
import { invariant } from '../invariant.ts'
import type { Address } from './address.ts'
import { addressAt, type Prefix } from './prefix.ts'

/** The interfaces a node may have, as probe slots: `span0`, `span0b`, `span0d`, and from 16 on one for each further gateway. */
export const PROBE_SLOT = { primary: 0, secondary: 1, direct: 2 } as const

const FIRST_GATEWAY_SLOT = 16
const LAST_SLOT = 0xff

/** The slot of a gateway's interface to its k-th other gateway, counted from 0. */
export function gatewayProbeSlot(k: number): number {
  invariant(
    Number.isInteger(k) && k >= 0 && FIRST_GATEWAY_SLOT + k <= LAST_SLOT,
    `gateway interconnect ${k} has no probe slot`,
  )
  return FIRST_GATEWAY_SLOT + k
}

export function nodeV4(overlay: Prefix, ordinal: number): Address {
  invariant(overlay.family === 4, 'the overlay range is IPv4')
  return at(overlay, ordinal)
}

export const nodeV6 = (ula: Prefix, ordinal: number): Address => at(overlayV6(ula), ordinal)

/** Subnet 0 of the ULA: the range that members route to their gateway besides the IPv4 overlay. */
export const overlayV6 = (ula: Prefix): Prefix => subnet(ula, 0)

export function probeAddress(ula: Prefix, slot: number, ordinal: number): Address {
  invariant(Number.isInteger(slot) && slot >= 0 && slot <= LAST_SLOT, `${slot} is a probe slot`)
  return at(subnet(ula, 0xff00 + slot), ordinal)
}

/** Of one slot. */
export const probeSubnet = (ula: Prefix, slot: number): Prefix => subnet(ula, 0xff00 + slot)

/** Of all slots: subnets ff00 to ffff. */
export const probePrefix = (ula: Prefix): Prefix => ({ ...subnet(ula, 0xff00), length: 56 })

function subnet(ula: Prefix, number: number): Prefix {
  invariant(ula.family === 6 && ula.length === 48, 'a network has a /48 of unique local addresses')
  return { family: 6, base: ula.base + (BigInt(number) << 64n), length: 64 }
}

/** The pool was checked when the ordinal was given; a number outside of it is a bug. */
function at(prefix: Prefix, ordinal: number): Address {
  const address = addressAt(prefix, ordinal)
  invariant(address.ok, address.ok ? '' : address.error.message)
  return address.value
}
