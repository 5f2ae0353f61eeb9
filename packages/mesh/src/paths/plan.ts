/**
 * The plan of a whole network: who is whose peer, from the rows of its nodes alone. One deterministic function; neither the order of
 * its input nor the plan before matters, which only saves work. Configurations, the picture and the preview of a change are renderings of it.
 *
 *   one gateway                       several
 *
 *   member ── span0 ──┐               member ─┬─ span0 ──── gw-1 ──┐
 *   member ── span0 ──┤ hub                   └─ span0b ─── gw-2 ──┴── span0g1, span0g2
 *   member ── span0 ──┘               member ──── span0d ── member       direct, by the topology
 *
 * The hub is the gateway that joined first, not the first by name: renaming a node must not move everybody's traffic. Gateways without
 * a number do not carry together (gateways.ts): then the first carries alone, a further one is a spoke like any member, and becomes the
 * hub when the first is paused or removed. Interfaces and probe addresses are laid out in ip/address-plan.ts and interface-names.ts.
 *
 * Planning touches each node once; what a node's configuration holds is made by `nodeView`, only for nodes that need one.
 */

import { invariant } from '../invariant.ts'
import { nodeV4, nodeV6 } from '../ip/address-plan.ts'
import type { Endpoint } from '../ip/endpoint.ts'
import { insertDisjoint } from '../ip/insert-disjoint.ts'
import { contains, hostPrefix, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import { type DirectEnd, directEndOf } from './direct-end.ts'
import { type DirectPairs, directPairs, type Topology } from './direct-pairs.ts'
import { type Gateway, gatewaysOf } from './gateways.ts'
import { pairKey } from './pair-key.ts'
import { outsideOf } from './reflectors.ts'
import { type Seat, samePrefixes, seatOf } from './seat.ts'
import { gatewayIn, type Slots, slotFiller } from './slots.ts'

export type NetworkSettings = {
  readonly id: string
  readonly name: string
  readonly cidr4: string
  readonly cidr6: string
  /** Of the first interface, `span0`; the others put a suffix to it. */
  readonly interfaceName: string
  readonly listenPort: number
  readonly mtu: number
  readonly keepaliveSeconds: number
}

export type PlanNode = {
  readonly id: string
  readonly name: string
  readonly role: 'gateway' | 'member'
  readonly state: 'invited' | 'enrolled' | 'active' | 'paused' | 'quarantined'
  readonly ordinal: number | null
  readonly publicKey: string | null
  readonly endpoint: string | null
  /** What its pods have, as it reported it; absent for a node without pods. */
  readonly podRanges?: readonly string[]
  readonly siteId?: string | null
  /** Of its direct interface, as it reported them. */
  readonly directKey?: string | null
  readonly directPort?: number | null
  readonly lanAddresses?: readonly string[]
  /** Where gateways see its direct interface, `203.0.113.7:41641`. */
  readonly observed?: readonly { readonly gatewayId: string; readonly endpoint: string }[]
  /** Ranges of LANs behind it, approved. */
  readonly routes?: readonly string[]
  /** Of a gateway, for life. */
  readonly gatewayNumber?: number | null
  readonly slots?: Slots | null
  /** A gateway that nobody is newly given to. */
  readonly draining?: boolean
}

/** A node that has joined, and so has keys and a place. */
export type JoinedNode = PlanNode & { readonly ordinal: number; readonly publicKey: string }

/** A laptop or phone: a peer of the hub, and of nobody else. */
export type PlanDevice = {
  readonly id: string
  readonly name: string
  readonly ordinal: number
  readonly publicKey: string
}

export type NetworkInput = NetworkSettings & {
  readonly nodes: Iterable<PlanNode>
  readonly devices?: Iterable<PlanDevice>
  /**
   * The pod ranges of the network's cluster, when its pods travel in our tunnels as they are (host-gw). None with VXLAN, which wraps
   * them, and with another CNI. What a node reports counts only inside of them.
   */
  readonly clusterRanges?: readonly string[]
  /** Ranges of pods and services, however they travel: nobody's endpoint lies in them. */
  readonly refusedRanges?: readonly string[]
  readonly topology?: Topology
  /** Nodes that talk with each other: direct in a mesh. */
  readonly pairs?: Iterable<{ readonly a: string; readonly b: string }>
  /** How many direct peers a node has at most. */
  readonly directCap?: number
}

export type NetworkPlan = {
  readonly settings: NetworkSettings
  readonly overlay4: Prefix
  readonly ula: Prefix
  /** All that have joined, paused and quarantined ones included: they get a configuration too, without peers. */
  readonly nodes: ReadonlyMap<string, JoinedNode>
  readonly hub: JoinedNode | null
  readonly hubEndpoint: Endpoint | null
  /** Who is at work, the hub left out, in the order of their places. */
  readonly spokes: readonly JoinedNode[]
  readonly clusterRanges: readonly Prefix[]
  /** By node; only of nodes at work. No two of them meet. */
  readonly podRanges: ReadonlyMap<string, readonly Prefix[]>
  /** In the order of their places; none whose key or place a node has. */
  readonly devices: readonly PlanDevice[]
  readonly topology: Topology
  /** Those who carry, in the order of their places; the first is the hub. One, unless several have what it takes. */
  readonly gateways: readonly Gateway[]
  /** Of who is at work, in the order of their places; the same map from plan to plan while no seat changes. */
  readonly seats: ReadonlyMap<string, Seat>
  /** By gateway those who are carried by it, by their first or other slot. */
  readonly carried: ReadonlyMap<string, readonly Seat[]>
  /** Seats with LANs behind them; the same list from plan to plan while their ranges do not change. */
  readonly routers: readonly Seat[]
  /** Of who may have direct paths. */
  readonly ends: ReadonlyMap<string, DirectEnd>
  readonly directPairs: DirectPairs
  /** Of demand, whether they became direct or not; by `pairKey`. */
  readonly wantedPairs: ReadonlySet<string>
  readonly gatewayById: ReadonlyMap<string, Gateway>
  /** By gateway the direct interfaces that it sees. */
  readonly reflected: ReadonlyMap<string, readonly DirectEnd[]>
  readonly refused: readonly Prefix[]
}

/** Of a site or of demand together. */
export const DIRECT_CAP = 50

export function plan(network: NetworkInput, last: NetworkPlan | null = null): NetworkPlan {
  // Places are addresses by these two.
  const isSame = last?.settings.cidr4 === network.cidr4 && last.settings.cidr6 === network.cidr6
  const before = isSame ? last : null
  const joined = [...network.nodes].filter(hasJoined).sort((a, b) => a.ordinal - b.ordinal)
  const working = joined.filter(isAtWork)
  const { nodes: _, devices: given = [], clusterRanges: ranges = [], refusedRanges = [], ...rest } = network
  const { topology = 'hub', pairs: demand = [], directCap = DIRECT_CAP, ...settings } = rest
  const [overlay4, ula] = [prefixOf(network.cidr4), prefixOf(network.cidr6)]
  const clusterRanges = readRanges(ranges).filter((range) => !overlaps(range, overlay4) && !overlaps(range, ula))
  const gateways = gatewaysOf(working, settings.listenPort)
  const [hub] = gateways
  const nodes = new Map(joined.map((node) => [node.id, node]))
  const podRanges = podRangesOf(working, clusterRanges, before)
  const refused = [overlay4, ula, ...clusterRanges, ...readRanges(refusedRanges)]
  const seats = seatsOf(working, gateways, podRanges, routesOf(working, refused), addressesIn(overlay4, ula), before)
  const devices = devicesOf(given, joined)
  const ends = topology === 'hub' ? new Map() : endsOf(working, seats, joined, devices, gateways, refused, before)
  const gatewayById = new Map(gateways.map((gateway) => [gateway.node.id, gateway]))
  const pairs = [...demand]
  return {
    settings,
    overlay4,
    ula,
    nodes,
    hub: hub?.node ?? null,
    hubEndpoint: hub?.endpoint ?? null,
    spokes: hub ? working.filter((node) => node !== hub.node) : [],
    clusterRanges,
    podRanges,
    devices,
    topology,
    gateways,
    seats,
    carried: carriedBy(seats, gateways),
    routers: routersOf(seats, before),
    ends,
    directPairs: directPairs(ends, pairs, { topology, cap: directCap }, before?.directPairs ?? null),
    wantedPairs: new Set(pairs.map(({ a, b }) => pairKey(a, b))),
    gatewayById,
    reflected: reflectedBy(ends, nodes, gatewayById, topology),
    refused,
  }
}

/** Whether gateways carry together, and members have two slots. */
export const hasSeveral = (network: NetworkPlan): boolean => network.gateways.length > 1

function seatsOf(
  working: readonly JoinedNode[],
  gateways: readonly Gateway[],
  pods: ReadonlyMap<string, readonly Prefix[]>,
  routes: ReadonlyMap<string, readonly Prefix[]>,
  addresses: (ordinal: number) => readonly Prefix[],
  before: NetworkPlan | null,
): ReadonlyMap<string, Seat> {
  const numbers = new Map(gateways.map(({ node, number }) => [node.id, number]))
  const fill = slotFiller(gateways)
  const seats = working.map((node) => {
    const number = numbers.get(node.id) ?? null
    const slots = number === null && gateways.length > 0 ? fill(node.slots) : null
    const more = { pods: pods.get(node.id) ?? NONE, routes: routes.get(node.id) ?? NONE, number, slots }
    return seatOf(node, more, addresses, before?.seats.get(node.id))
  })
  const known = before?.seats
  if (known?.size === seats.length && seats.every((seat) => known.get(seat.id) === seat)) return known
  return new Map(seats.map((seat) => [seat.id, seat]))
}

const addressesIn = (overlay4: Prefix, ula: Prefix) => (ordinal: number) =>
  [nodeV4(overlay4, ordinal), nodeV6(ula, ordinal)].map(hostPrefix)

const NONE: readonly Prefix[] = []

function carriedBy(seats: ReadonlyMap<string, Seat>, gateways: readonly Gateway[]): Map<string, readonly Seat[]> {
  const carried = new Map<string, Seat[]>(gateways.map(({ node }) => [node.id, []]))
  for (const seat of seats.values()) {
    if (seat.slots?.a) carried.get(seat.slots.a)?.push(seat)
    if (seat.slots?.b) carried.get(seat.slots.b)?.push(seat)
  }
  return carried
}

function routersOf(seats: ReadonlyMap<string, Seat>, before: NetworkPlan | null): readonly Seat[] {
  const routers = [...seats.values()].filter(({ routes }) => routes.length > 0)
  const known = before?.routers ?? []
  const isSame =
    known.length === routers.length &&
    known.every(({ id, routes }, i) => id === routers[i]?.id && samePrefixes(routes, routers[i]?.routes ?? NONE))
  return isSame ? known : routers
}

/** Two peers with one key would stop the configuration of everybody: nobody listens with a key that another has. */
function endsOf(
  working: readonly JoinedNode[],
  seats: ReadonlyMap<string, Seat>,
  joined: readonly JoinedNode[],
  devices: readonly PlanDevice[],
  gateways: readonly Gateway[],
  refused: readonly Prefix[],
  before: NetworkPlan | null,
): Map<string, DirectEnd> {
  const keys = new Set<string>()
  for (const { publicKey } of joined) keys.add(publicKey)
  for (const { publicKey } of devices) keys.add(publicKey)
  const gatewayIds = new Set(gateways.map(({ node }) => node.id))
  const isKept =
    before !== null &&
    samePrefixes(before.refused, refused) &&
    before.gateways.length === gateways.length &&
    before.gateways.every(({ node }) => gatewayIds.has(node.id))
  const ends = new Map<string, DirectEnd>()
  for (const node of working) {
    const known = before?.ends.get(node.id)
    const seat = seats.get(node.id)
    if (!seat) continue
    const isUnchanged = isKept && known?.seat === seat && before.nodes.get(node.id) === node
    const end = isUnchanged ? known : directEndOf(node, seat, gatewayIds, refused, known)
    if (!end || keys.has(end.publicKey)) continue
    keys.add(end.publicKey)
    ends.set(node.id, end)
  }
  return ends
}

function reflectedBy(
  ends: ReadonlyMap<string, DirectEnd>,
  nodes: ReadonlyMap<string, JoinedNode>,
  gateways: ReadonlyMap<string, Gateway>,
  topology: Topology,
): Map<string, readonly DirectEnd[]> {
  const reflected = new Map<string, DirectEnd[]>()
  const add = (gatewayId: string, end: DirectEnd) => {
    const there = reflected.get(gatewayId)
    if (there) there.push(end)
    else reflected.set(gatewayId, [end])
  }
  for (const end of ends.values()) {
    const { a, b } = end.seat.slots ?? { a: null, b: null }
    if (a !== null) add(a, end)
    if (b !== null) add(b, end)
    const node = topology === 'mesh' ? nodes.get(end.id) : undefined
    for (const outside of node ? outsideOf(node, end.seat.slots, gateways) : []) add(outside.node.id, end)
  }
  return reflected
}

/** Two peers with one key or one address would stop the configuration of everybody: a node has the older right. */
function devicesOf(devices: Iterable<PlanDevice>, joined: readonly JoinedNode[]): PlanDevice[] {
  const keys = new Set(joined.map(({ publicKey }) => publicKey))
  const places = new Set(joined.map(({ ordinal }) => ordinal))
  const sorted = [...devices].sort((a, b) => a.ordinal - b.ordinal)
  return sorted.filter(({ publicKey, ordinal }) => {
    if (keys.has(publicKey) || places.has(ordinal)) return false
    keys.add(publicKey)
    places.add(ordinal)
    return true
  })
}

/**
 * Pod ranges are what machines say, so each is looked at: inside of the cluster's, narrower than it, and nobody else's. One address at
 * two peers would stop the configuration of the whole network; who joined first keeps it.
 */
function podRangesOf(
  working: readonly JoinedNode[],
  clusterRanges: readonly Prefix[],
  before: NetworkPlan | null,
): Map<string, readonly Prefix[]> {
  const known = before && samePrefixes(before.clusterRanges, clusterRanges) ? before : null
  const ranges = new Map<string, readonly Prefix[]>()
  if (clusterRanges.length === 0) return ranges
  // A list for each family: they mostly come in order, and then go to the end.
  const given: Record<4 | 6, Prefix[]> = { 4: [], 6: [] }
  for (const node of working) {
    if (!node.podRanges || node.podRanges.length === 0) continue
    const read = readRanges(node.podRanges)
    const wasInside = known?.nodes.get(node.id) === node && known.podRanges.get(node.id)?.length === read.length
    const isInside = (range: Prefix) =>
      wasInside || clusterRanges.some((cluster) => cluster.length < range.length && contains(cluster, range))
    const refused = read.filter((range) => !isInside(range) || !insertDisjoint(given[range.family], range))
    // Mostly the list as it was read: the same object from plan to plan.
    const own = refused.length === 0 ? read : read.filter((range) => !refused.includes(range))
    if (own.length > 0) ranges.set(node.id, own)
  }
  return ranges
}

/**
 * LANs behind nodes: approved, and still looked at, since what stands there may have changed since: nobody's overlay, pods or services, not
 * everything, and no two of them meet. Who joined first keeps a range that two have.
 */
function routesOf(working: readonly JoinedNode[], refused: readonly Prefix[]): Map<string, readonly Prefix[]> {
  const routes = new Map<string, readonly Prefix[]>()
  const given: Prefix[] = []
  for (const node of working) {
    if (!node.routes || node.routes.length === 0) continue
    const own = readRanges(node.routes).filter(
      (range) => range.length > 0 && !refused.some((other) => overlaps(other, range)) && insertDisjoint(given, range),
    )
    if (own.length > 0) routes.set(node.id, own)
  }
  return routes
}

/** A row's list stays the same object while the row does: read once. */
const read = new WeakMap<readonly string[], readonly Prefix[]>()

function readRanges(texts: readonly string[]): readonly Prefix[] {
  const known = read.get(texts)
  if (known) return known
  const prefixes = texts.flatMap((text) => {
    const prefix = parsePrefix(text)
    return prefix.ok ? [prefix.value] : []
  })
  read.set(texts, prefixes)
  return prefixes
}

/** The gateway that carries a node's traffic, that of its first slot: null for who carries and for who is not at work. */
export function gatewayOf(network: NetworkPlan, node: JoinedNode): JoinedNode | null {
  const slots = network.seats.get(node.id)?.slots
  const id = slots && gatewayIn(slots, 'first')
  return (id && network.nodes.get(id)) || null
}

/** The peers of a node's base interface, whose tunnels to it are measured by the core of the script. */
export function peersOf(network: NetworkPlan, node: JoinedNode): readonly JoinedNode[] {
  const nodeOf = (id: string | null | undefined) => (id && network.nodes.get(id)) || []
  const carried = network.carried.get(node.id)
  if (carried) return carried.flatMap(({ id }) => nodeOf(id))
  return [nodeOf(network.seats.get(node.id)?.slots?.a)].flat()
}

/** Paused and quarantined nodes are peers of nobody. */
export const isAtWork = (node: PlanNode): boolean => node.state === 'enrolled' || node.state === 'active'

const hasJoined = (node: PlanNode): node is JoinedNode =>
  node.state !== 'invited' && node.ordinal !== null && node.publicKey !== null

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text)
  invariant(prefix.ok, `${text} was checked when the network was made`)
  return prefix.value
}
