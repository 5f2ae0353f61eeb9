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
 * Planning touches each node once, and works on those whose row is another object than in the plan before; what a node's configuration
 * holds is made by `nodeView`, only for nodes that need one.
 */

import { invariant } from '../invariant.ts'
import { nodeV4, nodeV6 } from '../ip/address-plan.ts'
import type { Endpoint } from '../ip/endpoint.ts'
import { hostPrefix, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import type { DirectEnd } from './direct-end.ts'
import { directEnds } from './direct-ends.ts'
import { type DirectPairs, directPairs, type Topology } from './direct-pairs.ts'
import { type Gateway, gatewaysOf } from './gateways.ts'
import { lanRoutes, routersOf } from './lan-routes.ts'
import {
  hasJoined,
  isAtWork,
  type JoinedNode,
  type NetworkInput,
  type NetworkSettings,
  type PlanDevice,
} from './network-input.ts'
import { pairKey } from './pair-key.ts'
import { plannedDevices } from './planned-devices.ts'
import { type PodRanges, podRangesOf } from './pod-ranges.ts'
import { readRanges } from './read-ranges.ts'
import { reflectedBy } from './reflectors.ts'
import { rowChanges } from './row-changes.ts'
import type { Seat } from './seat.ts'
import { carriedBy, seatsOf } from './seats.ts'
import { gatewayIn } from './slots.ts'

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
  /** What the next plan starts from: lists in the order of places, one item for each who is at work. */
  readonly memory: {
    readonly joined: readonly JoinedNode[]
    readonly working: readonly JoinedNode[]
    readonly pods: PodRanges
    readonly routes: ReadonlyMap<string, readonly Prefix[]>
    readonly seats: readonly Seat[]
    readonly ends: readonly (DirectEnd | null)[]
  }
}

/** Of a site or of demand together. */
export const DIRECT_CAP = 50

export function plan(network: NetworkInput, last: NetworkPlan | null = null): NetworkPlan {
  // Places are addresses by these two.
  const isSame = last?.settings.cidr4 === network.cidr4 && last.settings.cidr6 === network.cidr6
  const before = isSame ? last : null
  const joined = [...network.nodes].filter(hasJoined).sort((a, b) => a.ordinal - b.ordinal)
  const working = joined.filter(isAtWork)
  const changes = rowChanges(before?.memory.working ?? [], working)
  const { nodes: _, devices: given = [], clusterRanges: ranges = [], refusedRanges = [], ...rest } = network
  const { topology = 'hub', pairs: demand = [], directCap = DIRECT_CAP, ...settings } = rest
  const [overlay4, ula] = [prefixOf(network.cidr4), prefixOf(network.cidr6)]
  const clusterRanges = readRanges(ranges).filter((range) => !overlaps(range, overlay4) && !overlaps(range, ula))
  const gateways = gatewaysOf(working, settings.listenPort)
  const [hub] = gateways
  const nodes = mapOf(joined)
  const pods = podRangesOf(working, clusterRanges, changes, before?.memory.pods ?? null)
  const refused = [overlay4, ula, ...clusterRanges, ...readRanges(refusedRanges)]
  const routes = lanRoutes(working, refused)
  const behind = { gateways, pods: pods.byNode, routes }
  const known = before && { ...before.memory, gateways: before.gateways, pods: before.memory.pods.byNode }
  const seats = seatsOf(working, behind, addressesIn(overlay4, ula), changes, known)
  const devices = plannedDevices(given, joined)
  const endsInput = { joined, devices, gateways, refused, seats }
  // In a hub nobody had an end before.
  const knownEnds = before && { ...before, ...before.memory }
  const endList = topology === 'hub' ? [] : directEnds(working, endsInput, changes, knownEnds)
  const ends = mapOf(endList.filter((end) => end !== null))
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
    podRanges: pods.byNode,
    devices,
    topology,
    gateways,
    seats: before && seats === before.memory.seats ? before.seats : mapOf(seats),
    carried: carriedBy(seats, gateways),
    routers: routersOf(seats, before?.routers ?? []),
    ends,
    directPairs: directPairs(ends, pairs, { topology, cap: directCap }, before?.directPairs ?? null),
    wantedPairs: new Set(pairs.map(({ a, b }) => pairKey(a, b))),
    gatewayById,
    reflected: reflectedBy(ends.values(), nodes, gatewayById, topology),
    refused,
    memory: { joined, working, pods, routes, seats, ends: endList },
  }
}

/** Whether gateways carry together, and members have two slots. */
export const hasSeveral = (network: NetworkPlan): boolean => network.gateways.length > 1

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

function mapOf<Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> {
  const map = new Map<string, Item>()
  for (const item of items) map.set(item.id, item)
  return map
}

const addressesIn = (overlay4: Prefix, ula: Prefix) => (ordinal: number) =>
  [nodeV4(overlay4, ordinal), nodeV6(ula, ordinal)].map(hostPrefix)

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text)
  invariant(prefix.ok, `${text} was checked when the network was made`)
  return prefix.value
}
