/**
 * The plan of a whole network: who is whose peer, from the rows of its nodes alone. One deterministic function; the order of its
 * input does not matter. Configurations, the picture and the preview of a change are renderings of it.
 *
 *   member ── span0 ──┐
 *   member ── span0 ──┤ hub: the gateway that joined first
 *   gateway ─ span0 ──┘
 *
 * One gateway carries. It is the first that joined, not the first by name: renaming a node must not move everybody's traffic. A
 * further gateway is a spoke like any member, and becomes the hub when the first is paused or removed. Interconnects of gateways,
 * second slots (`span0b`) and direct paths (`span0d`) are further `Tunnel`s of the same shape: slots and probe addresses of theirs
 * are laid out in ip/address-plan.ts.
 *
 * Planning touches each node once; what a node's configuration holds is made by `nodeView`, only for nodes that need one.
 */

import { invariant } from '../invariant.ts'
import { type Endpoint, parseEndpoint } from '../ip/endpoint.ts'
import { insertDisjoint } from '../ip/insert-disjoint.ts'
import { contains, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'

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
}

export function plan(network: NetworkInput): NetworkPlan {
  const joined = [...network.nodes].filter(hasJoined).sort((a, b) => a.ordinal - b.ordinal)
  const working = joined.filter(isAtWork)
  const hub = working.find((node) => node.role === 'gateway') ?? null
  const { nodes: _, devices = [], clusterRanges: ranges = [], ...settings } = network
  const [overlay4, ula] = [prefixOf(network.cidr4), prefixOf(network.cidr6)]
  const clusterRanges = readRanges(ranges).filter((range) => !overlaps(range, overlay4) && !overlaps(range, ula))
  return {
    settings,
    overlay4,
    ula,
    nodes: new Map(joined.map((node) => [node.id, node])),
    hub,
    hubEndpoint: hub ? endpointOf(hub) : null,
    spokes: hub ? working.filter((node) => node !== hub) : [],
    clusterRanges,
    podRanges: podRangesOf(working, clusterRanges),
    devices: devicesOf(devices, joined),
  }
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
function podRangesOf(working: readonly JoinedNode[], clusterRanges: readonly Prefix[]): Map<string, readonly Prefix[]> {
  const ranges = new Map<string, readonly Prefix[]>()
  const given: Prefix[] = []
  for (const node of working) {
    const own = readRanges(node.podRanges ?? []).filter((range) => {
      const around = clusterRanges.find((cluster) => contains(cluster, range))
      return around && around.length < range.length && insertDisjoint(given, range)
    })
    if (own.length > 0) ranges.set(node.id, own)
  }
  return ranges
}

function readRanges(texts: readonly string[]): Prefix[] {
  return texts.flatMap((text) => {
    const prefix = parsePrefix(text)
    return prefix.ok ? [prefix.value] : []
  })
}

/** The gateway that carries a node's traffic: null for the hub itself and for who is not at work. */
export const gatewayOf = (network: NetworkPlan, node: JoinedNode): JoinedNode | null =>
  network.hub && node.id !== network.hub.id && isAtWork(node) ? network.hub : null

/** The peers of a node, who are also the nodes whose tunnels to it are measured. */
export function peersOf(network: NetworkPlan, node: JoinedNode): readonly JoinedNode[] {
  if (network.hub?.id === node.id) return network.spokes
  const gateway = gatewayOf(network, node)
  return gateway ? [gateway] : []
}

/** Paused and quarantined nodes are peers of nobody. */
export const isAtWork = (node: PlanNode): boolean => node.state === 'enrolled' || node.state === 'active'

const hasJoined = (node: PlanNode): node is JoinedNode =>
  node.state !== 'invited' && node.ordinal !== null && node.publicKey !== null

export function endpointOf(node: PlanNode): Endpoint | null {
  const endpoint = node.endpoint === null ? null : parseEndpoint(node.endpoint)
  // Checked when it was entered; a row from elsewhere must not stop the plan of everybody else.
  return endpoint?.ok ? endpoint.value : null
}

function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text)
  invariant(prefix.ok, `${text} was checked when the network was made`)
  return prefix.value
}
