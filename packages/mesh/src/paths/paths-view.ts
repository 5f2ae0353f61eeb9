/**
 * What one node is to have beside its base interface: further interfaces, whom it may call where, and for each destination its ways in
 * order of preference. The node decides by itself which is alive; the first one wins.
 */
import type { Address } from '../ip/address.ts'
import {
  gatewayProbeSlot,
  nodeV4,
  nodeV6,
  overlayV6,
  PROBE_SLOT,
  probeAddress,
  probeSubnet,
} from '../ip/address-plan.ts'
import { hostPrefix, type Prefix } from '../ip/prefix.ts'
import type { Peer } from '../wireguard/render-setconf.ts'
import { type Destination, destinationsOf } from './destinations.ts'
import type { DirectEnd } from './direct-end.ts'
import { directPeersOf } from './direct-pairs.ts'
import type { Gateway } from './gateways.ts'
import { directName, interconnectName, secondName } from './interface-names.ts'
import type { Tunnel } from './node-view.ts'
import { type Candidate, pairEndpoints } from './pair-endpoints.ts'
import { directPeer, gatewayPeers, keepalive, probed, routesOfOthers } from './path-peers.ts'
import { hasSeveral, type NetworkPlan } from './plan.ts'
import { reflectorsOf } from './reflectors.ts'
import type { Seat } from './seat.ts'

/** `direct` is a key of its own, so that its packets have a NAT mapping of their own. */
export type PathTunnel = Tunnel & { readonly key: 'main' | 'direct' }

export type PathsView = {
  readonly role: 'member' | 'gateway'
  readonly base: string
  readonly number: number | null
  readonly keepaliveSeconds: number
  /** Where nodes have their addresses: the IPv4 range and subnet 0 of the ULA. */
  readonly overlay: readonly Prefix[]
  /** Never routed into a tunnel from here. */
  readonly own: readonly Prefix[]
  readonly pods: readonly Prefix[]
  /** LANs behind others: the main table knows nothing of them. */
  readonly routes: readonly Prefix[]
  readonly source4: Address
  readonly source6: Address
  readonly tunnels: readonly PathTunnel[]
  readonly endpoints: readonly (Candidate & { readonly publicKey: string })[]
  readonly destinations: readonly Destination[]
  /** Where this machine's talk is counted by address; probes are not among it. Empty outside of a mesh. */
  readonly talk: readonly Prefix[]
}

export function pathsView(network: NetworkPlan, seat: Seat): PathsView | null {
  if (!hasSeveral(network) && network.topology === 'hub' && network.routers.length === 0) return null
  const { overlay4, ula, settings } = network
  const isGateway = seat.number !== null
  const overlay = [overlay4, overlayV6(ula)]
  const routes = routesOfOthers(network, seat)
  return {
    role: isGateway ? 'gateway' : 'member',
    base: settings.interfaceName,
    number: seat.number || null,
    keepaliveSeconds: keepalive(network),
    overlay,
    own: seat.own,
    pods: network.clusterRanges,
    routes,
    source4: nodeV4(overlay4, seat.ordinal),
    source6: nodeV6(ula, seat.ordinal),
    tunnels: isGateway ? interconnects(network, seat) : memberTunnels(network, seat),
    endpoints: endpointsOf(network, seat),
    destinations: destinationsOf(network, seat),
    talk: network.topology === 'mesh' && !isGateway ? [...overlay, ...network.clusterRanges, ...routes] : [],
  }
}

function memberTunnels(network: NetworkPlan, seat: Seat): PathTunnel[] {
  const second = gatewayPeers(network, seat, seat.slots?.b ?? null, PROBE_SLOT.secondary)
  return [...(second.length > 0 ? [secondTunnel(network, seat, second)] : []), ...directTunnel(network, seat)]
}

const secondTunnel = (network: NetworkPlan, seat: Seat, peers: Tunnel['peers']): PathTunnel => ({
  ...tunnel(network, seat, secondName(network.settings.interfaceName), PROBE_SLOT.secondary),
  routes: [probeSubnet(network.ula, PROBE_SLOT.secondary)],
  peers,
})

/** It is there before anybody is called by it: its key and where gateways see it are known from it alone. */
function directTunnel(network: NetworkPlan, seat: Seat): PathTunnel[] {
  if (network.topology === 'hub' || seat.role === 'gateway') return []
  const end = network.ends.get(seat.id)
  return [
    {
      ...tunnel(network, seat, directName(network.settings.interfaceName), PROBE_SLOT.direct),
      key: 'direct',
      listenPort: end?.port ?? 0,
      routes: [probeSubnet(network.ula, PROBE_SLOT.direct)],
      peers: peersOf(network, seat).map((peer) => directPeer(network, peer.seat, peer.publicKey)),
      seen: reflectorsOf(network.nodes.get(seat.id), seat.slots, network.gatewayById, network.topology).map((gateway) =>
        reflector(network, gateway),
      ),
    },
  ]
}

const reflector = (network: NetworkPlan, { node, endpoint }: Gateway): Peer => ({
  name: node.name,
  publicKey: node.publicKey,
  allowedIps: [],
  endpoint,
  keepaliveSeconds: keepalive(network),
})

/** An interface of its own to each other gateway: each may send anything, what comes in goes to own members only. */
function interconnects(network: NetworkPlan, seat: Seat): PathTunnel[] {
  const own = seat.number ?? 0
  return network.gateways.flatMap((other) => {
    if (other.node.id === seat.id) return []
    const name = interconnectName(network.settings.interfaceName, other.number)
    const theirs = gatewayProbeSlot(own - 1)
    const peer = probed(network, other.node, theirs)
    const endpoint = other.endpoint && { ...other.endpoint, port: network.settings.listenPort + own }
    return [
      {
        ...tunnel(network, seat, name, gatewayProbeSlot(other.number - 1)),
        listenPort: network.settings.listenPort + other.number,
        routes: [hostPrefix(peer.probe6)],
        peers: [{ ...peer, allowedIps: EVERYTHING, endpoint, keepaliveSeconds: keepalive(network) }],
      },
    ]
  })
}

const EVERYTHING: readonly Prefix[] = [
  { family: 4, base: 0n, length: 0 },
  { family: 6, base: 0n, length: 0 },
]

/** With the node's addresses: an interface without one drops what has another way back (rp_filter). */
function tunnel({ overlay4, ula, settings }: NetworkPlan, { ordinal }: Seat, name: string, slot: number): PathTunnel {
  const addresses = [nodeV4(overlay4, ordinal), nodeV6(ula, ordinal), probeAddress(ula, slot, ordinal)]
  return {
    name,
    key: 'main',
    listenPort: 0,
    mtu: settings.mtu,
    addresses: addresses.map((address) => ({ address, length: hostPrefix(address).length })),
    routes: [],
    peers: [],
    devices: [],
    seen: [],
  }
}

function endpointsOf(network: NetworkPlan, seat: Seat): PathsView['endpoints'] {
  const from = network.ends.get(seat.id)
  if (!from) return []
  return directPeersOf(network.directPairs, from).flatMap((to) =>
    pairEndpoints(from, to).map((candidate) => ({ ...candidate, publicKey: to.publicKey })),
  )
}

function peersOf(network: NetworkPlan, { id }: Seat): readonly DirectEnd[] {
  const end = network.ends.get(id)
  return end ? directPeersOf(network.directPairs, end) : []
}
