/**
 * The one MTU of a network, out of the largest packets that ways carry whole outside of the tunnels. All nodes have the same: unequal ones
 * stall large transfers in one direction only.
 *
 *   underlay 1400 ── WireGuard: 60 with IPv4 outside, 80 with IPv6 ──▶ leaves 1340     in use: 1420
 *
 *   least that is left    1280              in use            in use, as IPv6 outside would have it
 *   ---- too-narrow --------|---- narrow -----|---- fits ----------|---- fits, and has room ----▶
 *
 * Nothing is changed by itself. Lower is proposed, since larger packets are broken in two or lost; higher is only said, since whoever lowered
 * it may have had a reason that nobody measures.
 */
import { MIN_IPV6_MTU, tunnelMtu } from '../wireguard/mtu.ts'

export type Underlay = {
  /** The largest IP packet that passes whole. */
  readonly bytes: number
  readonly outside: 'ipv4' | 'ipv6'
}

export type MtuChoice<Way extends Underlay> = {
  readonly verdict: 'unknown' | 'fits' | 'narrow' | 'too-narrow'
  /** The one that leaves least to the tunnel; of equals the first. */
  readonly narrowest: Way | null
  /** What that leaves. */
  readonly leaves: number | null
  /** To be set by a person; null where the one in use is as good as any. */
  readonly wanted: number | null
  /** What every measured way would carry, whatever is outside; null where that is no more than the one in use. */
  readonly room: number | null
}

export const leavesFor = ({ bytes, outside }: Underlay): number => tunnelMtu(bytes, outside)

export function chooseMtu<Way extends Underlay>(inUse: number, ways: readonly Way[]): MtuChoice<Way> {
  const [first, ...others] = ways
  if (!first) return { verdict: 'unknown', narrowest: null, leaves: null, wanted: null, room: null }
  const narrowest = others.reduce((least, way) => (leavesFor(way) < leavesFor(least) ? way : least), first)
  const leaves = leavesFor(narrowest)
  if (leaves < inUse) {
    const least = Math.max(leaves, MIN_IPV6_MTU)
    const verdict = leaves < MIN_IPV6_MTU ? 'too-narrow' : 'narrow'
    return { verdict, narrowest, leaves, wanted: least < inUse ? least : null, room: null }
  }
  const room = Math.min(...ways.map(({ bytes }) => tunnelMtu(bytes)))
  return { verdict: 'fits', narrowest, leaves, wanted: null, room: room > inUse ? room : null }
}
