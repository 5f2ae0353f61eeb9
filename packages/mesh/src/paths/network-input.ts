/** What a plan is made from: the rows of a network as they are stored, and what of them counts. */
import type { Topology } from './direct-pairs.ts'
import type { Slots } from './slots.ts'

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

/** Paused and quarantined nodes are peers of nobody. */
export const isAtWork = (node: PlanNode): boolean => node.state === 'enrolled' || node.state === 'active'

export const hasJoined = (node: PlanNode): node is JoinedNode =>
  node.state !== 'invited' && node.ordinal !== null && node.publicKey !== null
