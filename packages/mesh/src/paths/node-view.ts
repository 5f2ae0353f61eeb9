/**
 * What one node is to have: interfaces, addresses, routes, peers, probes. All of it a function of the plan, nothing of it text yet;
 * protocol/render-bundle.ts writes it as files.
 */
import type { Address } from '../ip/address.ts'
import { nodeV4, nodeV6, PROBE_SLOT, probeAddress, probeSubnet } from '../ip/address-plan.ts'
import { hostPrefix, type Prefix } from '../ip/prefix.ts'
import type { Peer } from '../wireguard/render-setconf.ts'
import { isAtWork, type JoinedNode, type PlanDevice } from './network-input.ts'
import { gatewayPeers, probed } from './path-peers.ts'
import { type PathsView, pathsView } from './paths-view.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'

export type TunnelPeer = Peer & {
  /** Through this interface only; answered by the peer's own interface of the same slot. */
  readonly probe6: Address
  readonly probe4: Address
}

export type Tunnel = {
  readonly name: string
  /** 0 lets the kernel choose. */
  readonly listenPort: number
  readonly mtu: number
  readonly addresses: readonly { readonly address: Address; readonly length: number }[]
  /** Reached through the interface although its addresses do not say so. */
  readonly routes: readonly Prefix[]
  readonly peers: readonly TunnelPeer[]
  /** Peers without the script: nothing there answers a probe. */
  readonly devices: readonly Peer[]
  /** Without AllowedIPs: they call to be seen, nothing goes through them. */
  readonly seen: readonly Peer[]
}

export type NodePods = {
  /** Empty without a cluster. */
  readonly cluster: readonly Prefix[]
  /** Of the pods on this node; empty when it has none. */
  readonly own: readonly Prefix[]
  /** All that is carried between nodes: overlay and pods. */
  readonly overlay: readonly Prefix[]
  readonly address4: Address
  readonly address6: Address
}

export type NodeView = {
  readonly network: { readonly id: string; readonly name: string }
  readonly node: { readonly id: string; readonly name: string; readonly role: 'gateway' | 'member' }
  readonly state: 'active' | 'paused'
  readonly base: string
  /** Whether packets of others pass through this node. */
  readonly forwards: boolean
  /** Of LANs behind it. */
  readonly routes: readonly Prefix[]
  readonly tunnels: readonly Tunnel[]
  /** Null where nobody else's rules are in the way: no cluster whose pods travel in our tunnels, and no paths to choose. */
  readonly pods: NodePods | null
  /** Per destination the interfaces in order of preference; the first one alive wins. */
  readonly candidates: readonly { readonly destination: Prefix | 'default'; readonly interfaces: readonly string[] }[]
  /** Null in a hub of one gateway without routes: there is nothing to choose. */
  readonly paths: PathsView | null
}

export function nodeView(network: NetworkPlan, nodeId: string): NodeView | null {
  const node = network.nodes.get(nodeId)
  if (!node) return null
  const seat = network.seats.get(node.id) ?? null
  const paths = seat && pathsView(network, seat)
  return {
    network: { id: network.settings.id, name: network.settings.name },
    node: { id: node.id, name: node.name, role: node.role },
    state: isAtWork(node) ? 'active' : 'paused',
    base: network.settings.interfaceName,
    forwards: network.carried.has(node.id),
    routes: seat?.routes ?? [],
    tunnels: [primaryTunnel(network, node, seat)],
    pods: network.clusterRanges.length > 0 || paths ? podsOf(network, node) : null,
    candidates: [{ destination: 'default', interfaces: [network.settings.interfaceName] }],
    paths,
  }
}

function podsOf(network: NetworkPlan, node: JoinedNode): NodePods {
  return {
    cluster: network.clusterRanges,
    own: network.podRanges.get(node.id) ?? [],
    overlay: [network.overlay4, network.ula],
    address4: nodeV4(network.overlay4, node.ordinal),
    address6: nodeV6(network.ula, node.ordinal),
  }
}

function primaryTunnel(network: NetworkPlan, node: JoinedNode, seat: Seat | null): Tunnel {
  const { settings, overlay4, ula } = network
  const carried = network.carried.get(node.id)
  // A member's second tunnel ends here too, and is probed by addresses of its own.
  const slots = [
    PROBE_SLOT.primary,
    ...(carried?.some(({ slots }) => slots?.b === node.id) ? [PROBE_SLOT.secondary] : []),
  ]
  return {
    name: settings.interfaceName,
    // Every gateway listens on the public port, so that it can become the hub without a change of its own.
    listenPort: node.role === 'gateway' ? settings.listenPort : 0,
    mtu: settings.mtu,
    addresses: [
      { address: nodeV4(overlay4, node.ordinal), length: overlay4.length },
      { address: nodeV6(ula, node.ordinal), length: 64 },
      ...slots.map((slot) => ({ address: probeAddress(ula, slot, node.ordinal), length: 128 })),
    ],
    routes: [...slots.map((slot) => probeSubnet(ula, slot)), ...podRoutes(network, node)],
    peers: carried
      ? carried.map((member) => carriedPeer(network, member, node.id))
      : gatewayPeers(network, seat, seat?.slots?.a ?? null, PROBE_SLOT.primary),
    devices: network.hub === node ? network.devices.map((device) => devicePeer(network, device)) : [],
    seen: (network.reflected.get(node.id) ?? []).map(({ id, publicKey }) => ({
      name: network.nodes.get(id)?.name ?? '',
      publicKey,
      allowedIps: [],
      endpoint: null,
      keepaliveSeconds: 0,
    })),
  }
}

/** flannel makes these routes on a node that has pods, and would fight with ours. A hub without pods carries those of others. */
const podRoutes = (network: NetworkPlan, node: JoinedNode): readonly Prefix[] =>
  network.carried.has(node.id) && !network.podRanges.has(node.id) ? network.clusterRanges : []

/** The same object while the member's seat is: a gateway has thousands of them, and one member joins. */
function carriedPeer(network: NetworkPlan, member: Seat, gatewayId: string): TunnelPeer {
  const slot = member.slots?.b === gatewayId ? 'b' : 'a'
  const made = carriedPeers.get(member) ?? {}
  const known = made[slot]
  if (known) return known
  const peer = carriedPeerIn(network, member, slot === 'b' ? PROBE_SLOT.secondary : PROBE_SLOT.primary)
  carriedPeers.set(member, { ...made, [slot]: peer })
  return peer
}

const carriedPeers = new WeakMap<Seat, { readonly a?: TunnelPeer; readonly b?: TunnelPeer }>()

/** A gateway takes from a member what is the member's own, and nothing else. */
function carriedPeerIn(network: NetworkPlan, member: Seat, slot: number): TunnelPeer {
  const peer = probed(network, member, slot)
  const v6 = nodeV6(network.ula, member.ordinal)
  const allowedIps = [...[peer.probe4, v6, peer.probe6].map(hostPrefix), ...member.pods, ...member.routes]
  // No keepalive: the member behind the NAT holds the mapping open, and the gateway has no need to.
  return { ...peer, allowedIps, endpoint: null, keepaliveSeconds: 0 }
}

/** Exactly its own addresses; it keeps the mapping of its NAT open itself. */
function devicePeer(network: NetworkPlan, { name, publicKey, ordinal }: PlanDevice): Peer {
  const allowedIps = [nodeV4(network.overlay4, ordinal), nodeV6(network.ula, ordinal)].map(hostPrefix)
  return { name, publicKey, allowedIps, endpoint: null, keepaliveSeconds: 0 }
}
