/**
 * What one node is to have: interfaces, addresses, routes, peers, probes. All of it a function of the plan, nothing of it text yet;
 * protocol/render-bundle.ts writes it as files.
 */
import type { Address } from '../ip/address.ts'
import { nodeV4, nodeV6, overlayV6, PROBE_SLOT, probeAddress } from '../ip/address-plan.ts'
import { hostPrefix, type Prefix } from '../ip/prefix.ts'
import type { Peer } from '../wireguard/render-setconf.ts'
import { isAtWork, type JoinedNode, type NetworkPlan, type PlanDevice, peersOf } from './plan.ts'

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
}

export type NodePods = {
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
  readonly tunnels: readonly Tunnel[]
  /** Null without a cluster whose pods travel in our tunnels. */
  readonly pods: NodePods | null
  /** Per destination the interfaces in order of preference; the first one alive wins. */
  readonly candidates: readonly { readonly destination: Prefix | 'default'; readonly interfaces: readonly string[] }[]
}

export function nodeView(network: NetworkPlan, nodeId: string): NodeView | null {
  const node = network.nodes.get(nodeId)
  if (!node) return null
  const isHub = network.hub?.id === node.id
  return {
    network: { id: network.settings.id, name: network.settings.name },
    node: { id: node.id, name: node.name, role: node.role },
    state: isAtWork(node) ? 'active' : 'paused',
    base: network.settings.interfaceName,
    forwards: isHub,
    tunnels: [primaryTunnel(network, node, isHub)],
    pods: podsOf(network, node),
    candidates: [{ destination: 'default', interfaces: [network.settings.interfaceName] }],
  }
}

function podsOf(network: NetworkPlan, node: JoinedNode): NodePods | null {
  if (network.clusterRanges.length === 0) return null
  return {
    cluster: network.clusterRanges,
    own: network.podRanges.get(node.id) ?? [],
    overlay: [network.overlay4, network.ula],
    address4: nodeV4(network.overlay4, node.ordinal),
    address6: nodeV6(network.ula, node.ordinal),
  }
}

function primaryTunnel(network: NetworkPlan, node: JoinedNode, isHub: boolean): Tunnel {
  const { settings, overlay4, ula } = network
  return {
    name: settings.interfaceName,
    // Every gateway listens on the public port, so that it can become the hub without a change of its own.
    listenPort: node.role === 'gateway' ? settings.listenPort : 0,
    mtu: settings.mtu,
    addresses: [
      { address: nodeV4(overlay4, node.ordinal), length: overlay4.length },
      { address: nodeV6(ula, node.ordinal), length: 64 },
      { address: probeAddress(ula, PROBE_SLOT.primary, node.ordinal), length: 128 },
    ],
    routes: [
      { ...overlayV6(ula), base: probeAddress(ula, PROBE_SLOT.primary, 1).value - 1n },
      ...podRoutes(network, node, isHub),
    ],
    peers: peersOf(network, node).map((peer) => (isHub ? spokePeer(network, peer) : hubPeer(network, peer))),
    devices: isHub ? network.devices.map((device) => devicePeer(network, device)) : [],
  }
}

/** flannel makes these routes on a node that has pods, and would fight with ours. A hub without pods carries those of others. */
const podRoutes = (network: NetworkPlan, node: JoinedNode, isHub: boolean): readonly Prefix[] =>
  isHub && !network.podRanges.has(node.id) ? network.clusterRanges : []

/** A member's only peer on the interface: everything inside of the overlay goes to its gateway. */
function hubPeer(network: NetworkPlan, hub: JoinedNode): TunnelPeer {
  return {
    ...probed(network, hub),
    // The whole range of the cluster, not each node's: a node that joins changes nothing on all the others.
    allowedIps: [network.overlay4, network.ula, ...network.clusterRanges],
    endpoint: network.hubEndpoint,
    keepaliveSeconds: network.settings.keepaliveSeconds,
  }
}

/** A gateway takes from a member what is the member's own, and nothing else. */
function spokePeer(network: NetworkPlan, member: JoinedNode): TunnelPeer {
  const peer = probed(network, member)
  const v6 = nodeV6(network.ula, member.ordinal)
  // No keepalive: the member behind the NAT holds the mapping open, and the gateway has no need to.
  const allowedIps = [...[peer.probe4, v6, peer.probe6].map(hostPrefix), ...(network.podRanges.get(member.id) ?? [])]
  return { ...peer, allowedIps, endpoint: null, keepaliveSeconds: 0 }
}

/** Exactly its own addresses; it keeps the mapping of its NAT open itself. */
function devicePeer(network: NetworkPlan, { name, publicKey, ordinal }: PlanDevice): Peer {
  const allowedIps = [nodeV4(network.overlay4, ordinal), nodeV6(network.ula, ordinal)].map(hostPrefix)
  return { name, publicKey, allowedIps, endpoint: null, keepaliveSeconds: 0 }
}

function probed(network: NetworkPlan, peer: JoinedNode) {
  return {
    name: peer.name,
    publicKey: peer.publicKey,
    probe4: nodeV4(network.overlay4, peer.ordinal),
    probe6: probeAddress(network.ula, PROBE_SLOT.primary, peer.ordinal),
  }
}
