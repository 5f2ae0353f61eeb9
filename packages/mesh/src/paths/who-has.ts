/** Whose an address is: its own, of one of its pods, or in a LAN behind it. */
import { type Address, bitsOf } from '../ip/address.ts'
import { overlayV6 } from '../ip/address-plan.ts'
import { contains, type Prefix, prefixOf } from '../ip/prefix.ts'
import type { NetworkPlan } from './plan.ts'

/** Made once for a plan. The id of a node at work, or null. */
export function whoHas(network: NetworkPlan): (address: Address) => string | null {
  const byPlace = new Map<bigint, string>()
  const byRange = new Map<string, string>()
  const lengths = new Map<string, { family: 4 | 6; length: number }>()
  const overlays: readonly Prefix[] = [network.overlay4, overlayV6(network.ula)]
  for (const seat of network.seats.values()) {
    byPlace.set(BigInt(seat.ordinal), seat.id)
    for (const range of [...seat.pods, ...seat.routes]) {
      byRange.set(keyOf(range), seat.id)
      lengths.set(`${range.family}/${range.length}`, range)
    }
  }
  // The narrowest range that an address lies in is whose it is.
  const narrowestFirst = [...lengths.values()].sort((a, b) => b.length - a.length)
  return (address) => {
    const overlay = overlays.find((range) => contains(range, address))
    if (overlay) return byPlace.get(address.value - overlay.base) ?? null
    for (const { family, length } of narrowestFirst) {
      if (family !== address.family || length > bitsOf(family)) continue
      const id = byRange.get(keyOf(prefixOf(address, length)))
      if (id !== undefined) return id
    }
    return null
  }
}

const keyOf = ({ family, base, length }: Prefix): string => `${family} ${base} ${length}`
