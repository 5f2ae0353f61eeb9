/**
 * Everything that a node's view is made of, beside the settings of the network: two plans in which the list holds the same objects give
 * the node the same view. Seats and ends stay the same objects from plan to plan while nothing in them changes, so a machine that
 * joins is no news but to its gateways, to gateways that reach it through those, and to its direct peers.
 */
import { directPeerLists } from './direct-pairs.ts'
import { hasSeveral, type NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { gatewayIn } from './slots.ts'

export function inputsOf(network: NetworkPlan, nodeId: string): readonly unknown[] {
  const seat = network.seats.get(nodeId)
  if (!seat) return [network.nodes.get(nodeId)]
  const common = [seat, network.topology, hasSeveral(network), network.routers]
  // Lists that differ in length never compare alike, whatever follows them.
  return network.carried.has(nodeId)
    ? [...common, ...ofGateway(network, nodeId)]
    : [...common, ...ofMember(network, seat)]
}

/** It has a line for every node, or at least a peer for each that it carries. */
function ofGateway(network: NetworkPlan, nodeId: string): unknown[] {
  const devices = hasSeveral(network) || network.hub?.id === nodeId ? network.devices : []
  // Nothing else of an end is in a gateway's view: where it is seen is no news to who sees it.
  const reflected = (network.reflected.get(nodeId) ?? []).map(({ publicKey }) => publicKey)
  return [network.seats, devices.length, ...devices, ...reflected]
}

function ofMember(network: NetworkPlan, seat: Seat): unknown[] {
  const { slots } = seat
  const seatOf = (id: string | null | undefined) => (id ? network.seats.get(id) : undefined)
  const goesToHub = slots !== null && network.hub !== null && gatewayIn(slots, 'other') === network.hub.id
  const devices = goesToHub ? network.devices : []
  const reflectors = network.reflectors.get(seat.id) ?? []
  const end = network.ends.get(seat.id)
  return [
    seatOf(slots?.a),
    seatOf(slots?.b),
    devices.length,
    ...devices,
    reflectors.length,
    ...reflectors.map(({ node }) => seatOf(node.id)),
    end,
    // An end has its seat in it.
    ...(end ? directPeerLists(network.directPairs, end) : []),
  ]
}
