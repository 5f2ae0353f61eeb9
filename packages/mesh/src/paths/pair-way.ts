/**
 * How one node reaches another: tunnel by tunnel, as each that has the packet in its hands says it sends it on. What a node does not say
 * is the first way of its plan.
 *
 *   home-1 ── span0d ── home-2                     direct
 *   home-1 ── span0 ── gw-1 ── span0 ── home-2     through gw-1
 *   home-1 ── span0 ── gw-1 ── span0g2 ── gw-2 ── span0 ── home-2
 *   home-1 ── span0 ── gw-1 ── span0g2 ── gw-2 ── span0g3 ── gw-3 ── span0 ── home-2      dead at gw-2, alive at gw-3
 */
import { directPeersOf } from './direct-pairs.ts'
import { directName, secondName } from './interface-names.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { gatewayIn } from './slots.ts'

/** A tunnel on the way. */
export type Hop = { readonly from: string; readonly to: string; readonly interfaceName: string }

export type PairWay =
  | { readonly kind: 'direct' | 'gateway' | 'relayed'; readonly hops: readonly Hop[] }
  /** `at`: who has no way on. */
  | { readonly kind: 'unreachable'; readonly hops: readonly Hop[]; readonly at: string }
  /** One of them is not at work. */
  | { readonly kind: 'none'; readonly hops: readonly [] }

/** The way that a node last said it takes to another, of itself its default way; null: the first one of its plan. */
export type SaidWay = (nodeId: string, peerId: string) => string | null

/** Its gateway, and the two of the other: no packet passes more (destinations.ts). */
const MOST_HOPS = 4

export function pairWay(network: NetworkPlan, from: string, to: string, said: SaidWay): PairWay {
  const [source, target] = [network.seats.get(from), network.seats.get(to)]
  if (!source || !target || from === to) return { kind: 'none', hops: [] }
  const hops: Hop[] = []
  for (let at: Seat = source; at.id !== target.id; ) {
    const hop = hops.length < MOST_HOPS ? hopOf(network, at, target, said) : null
    const next = hop && network.seats.get(hop.to)
    if (!hop || !next || hops.some(({ from: passed }) => passed === next.id))
      return { kind: 'unreachable', hops, at: at.id }
    hops.push(hop)
    at = next
  }
  const [first] = hops
  if (hops.length > 1) return { kind: 'relayed', hops }
  return { kind: first?.interfaceName === directName(network.settings.interfaceName) ? 'direct' : 'gateway', hops }
}

function hopOf(network: NetworkPlan, at: Seat, target: Seat, said: SaidWay): Hop | null {
  const base = network.settings.interfaceName
  const name = said(at.id, target.id)?.split(':')[0] ?? firstWay(network, at, target)
  const way = name === 'default' ? (said(at.id, at.id) ?? defaultWay(network, at)) : name
  const hop = (to: string | null | undefined): Hop | null => (to ? { from: at.id, to, interfaceName: way } : null)
  if (way === directName(base)) return hop(target.id)
  if (way === base) return hop(at.slots ? at.slots.a : target.id)
  if (way === secondName(base)) return hop(at.slots?.b)
  const number = way.startsWith(`${base}g`) ? Number(way.slice(base.length + 1)) : Number.NaN
  return hop(network.gateways.find((gateway) => gateway.number === number)?.node.id)
}

/** The name of an interface, or `default`. */
function firstWay(network: NetworkPlan, at: Seat, target: Seat): string {
  const base = network.settings.interfaceName
  if (at.slots) {
    if (hasDirect(network, at.id, target.id)) return directName(base)
    return gatewayIn(at.slots, 'other') === target.id ? slotName(base, at.slots.a === target.id ? 'a' : 'b') : 'default'
  }
  const { slots } = target
  if (slots?.a === at.id || slots?.b === at.id) return base
  const gateway = slots ? gatewayIn(slots, 'first') : target.id
  const number = network.gateways.find(({ node }) => node.id === gateway)?.number ?? 0
  return `${base}g${number}`
}

const defaultWay = (network: NetworkPlan, { slots }: Seat): string =>
  slotName(network.settings.interfaceName, slots?.first ?? 'a')

const slotName = (base: string, slot: 'a' | 'b'): string => (slot === 'a' ? base : secondName(base))

export function hasDirect(network: NetworkPlan, a: string, b: string): boolean {
  const end = network.ends.get(a)
  return end !== undefined && directPeersOf(network.directPairs, end).some(({ id }) => id === b)
}
