/**
 * A node's ways to each destination, best first. `default` is all that has no line of its own.
 *
 *   member    a node with a direct tunnel   span0d:KEY, then as default
 *             the gateway of its other slot that slot, then the first one: one hop instead of two
 *             default                       its slots, the first one first
 *   gateway   a member of its own           its base interface, then the gateway of the member's other slot
 *             a member of others            the gateway of its first slot, then that of the other
 *             a gateway                     the interface to it
 *
 * A member never goes by a third node: what it cannot reach directly its gateway carries. A gateway asks at most one further gateway,
 * and that one only its own members and, for one who is dead there, the member's other gateway: never a loop, whatever each believes.
 */
import { nodeV4, nodeV6, overlayV6 } from '../ip/address-plan.ts'
import { hostPrefix, type Prefix } from '../ip/prefix.ts'
import { directPeersOf } from './direct-pairs.ts'
import { directName, interconnectName, secondName } from './interface-names.ts'
import { routesOfOthers } from './path-peers.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { gatewayIn, type Slots } from './slots.ts'

export type Way =
  /** Alive when its only peer is. */
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'peer'; readonly name: string; readonly publicKey: string }
  | { readonly kind: 'default' }

export type Destination = {
  /** The name of a node. */
  readonly name: string | 'default'
  readonly prefixes: readonly Prefix[]
  readonly ways: readonly Way[]
}

/** Those of other nodes in the order of their places, `default` last. */
export const destinationsOf = (network: NetworkPlan, seat: Seat): readonly Destination[] =>
  seat.number === null ? memberDestinations(network, seat) : gatewayDestinations(network, seat)

function memberDestinations(network: NetworkPlan, seat: Seat): Destination[] {
  const base = network.settings.interfaceName
  const { slots } = seat
  const order: readonly Way[] = [interfaceWay(base), ...(slots?.b ? [interfaceWay(secondName(base))] : [])]
  const defaults = slots?.first === 'b' ? [...order].reverse() : order
  const lines: Destination[] = []
  const end = network.ends.get(seat.id)
  for (const { seat: peer, publicKey } of end ? directPeersOf(network.directPairs, end) : []) {
    const direct: Way = { kind: 'peer', name: directName(base), publicKey }
    lines.push({ name: peer.name, prefixes: peer.own, ways: [direct, { kind: 'default' }] })
  }
  const other = slots && network.seats.get(gatewayIn(slots, 'other') ?? '')
  if (other) lines.push({ name: other.name, prefixes: reachedAt(network, other), ways: [...defaults].reverse() })
  const named = new Set(lines.flatMap(({ prefixes }) => prefixes))
  const routes = routesOfOthers(network, seat).filter((range) => !named.has(range))
  return [
    ...lines,
    { name: 'default', prefixes: [network.overlay4, overlayV6(network.ula), ...routes], ways: defaults },
  ]
}

function gatewayDestinations(network: NetworkPlan, seat: Seat): Destination[] {
  const base = network.settings.interfaceName
  const numbers = new Map(network.gateways.map(({ node, number }) => [node.id, number]))
  const to = (gatewayId: string | null): Way[] => {
    const number = gatewayId === null || gatewayId === seat.id ? undefined : numbers.get(gatewayId)
    return number === undefined ? [] : [interfaceWay(interconnectName(base, number))]
  }
  // Members of others are as many as there are, and go by few different ways.
  const byGateways = new Map<string, readonly Way[]>()
  const carriedBy = (slots: Slots): readonly Way[] => {
    const key = `${slots.first} ${slots.a} ${slots.b}`
    const known = byGateways.get(key)
    if (known) return known
    const ways = [...to(gatewayIn(slots, 'first')), ...to(gatewayIn(slots, 'other'))]
    byGateways.set(key, ways)
    return ways
  }
  const lines: Destination[] = []
  for (const other of network.seats.values()) {
    if (other.id === seat.id) continue
    const { name, slots, publicKey } = other
    if (!slots) {
      lines.push({ name, prefixes: reachedAt(network, other), ways: to(other.id) })
      continue
    }
    const further = carriedBy(slots)
    const isOwn = slots.a === seat.id || slots.b === seat.id
    const ways: readonly Way[] = isOwn ? [{ kind: 'peer', name: base, publicKey }, ...further] : further
    lines.push({ name, prefixes: other.own, ways })
  }
  return lines
}

/** A gateway's own, and at the hub the devices, whose only peer it is. */
function reachedAt(network: NetworkPlan, gateway: Seat): readonly Prefix[] {
  const devices = network.hub?.id === gateway.id ? network.devices : []
  if (devices.length === 0) return gateway.own
  const addresses = devices.flatMap(({ ordinal }) => [nodeV4(network.overlay4, ordinal), nodeV6(network.ula, ordinal)])
  return [...gateway.own, ...addresses.map(hostPrefix)]
}

const interfaceWay = (name: string): Way => ({ kind: 'interface', name })
