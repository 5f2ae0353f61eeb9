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
import { type Prefix, parsePrefix } from '../ip/prefix.ts'

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
}

/** A node that has joined, and so has keys and a place. */
export type JoinedNode = PlanNode & { readonly ordinal: number; readonly publicKey: string }

export type NetworkInput = NetworkSettings & { readonly nodes: Iterable<PlanNode> }

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
}

export function plan(network: NetworkInput): NetworkPlan {
  const joined = [...network.nodes].filter(hasJoined).sort((a, b) => a.ordinal - b.ordinal)
  const working = joined.filter(isAtWork)
  const hub = working.find((node) => node.role === 'gateway') ?? null
  const { nodes: _, ...settings } = network
  return {
    settings,
    overlay4: prefixOf(network.cidr4),
    ula: prefixOf(network.cidr6),
    nodes: new Map(joined.map((node) => [node.id, node])),
    hub,
    hubEndpoint: hub ? endpointOf(hub) : null,
    spokes: hub ? working.filter((node) => node !== hub) : [],
  }
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
