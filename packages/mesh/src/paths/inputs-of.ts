/**
 * Everything that a node's view is made of, beside the settings of the network: two plans in which the list holds the same objects give
 * the node the same view. Seats and ends stay the same objects from plan to plan while nothing in them changes, so a machine that
 * joins is no news but to its gateways, to gateways that reach it through those, and to its direct peers.
 */
import { directPeerLists } from './direct-pairs.ts'
import { hasSeveral, type NetworkPlan } from './plan.ts'
import { outsideOf } from './reflectors.ts'
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
  const list: unknown[] = [slots?.a && network.seats.get(slots.a), slots?.b && network.seats.get(slots.b)]
  // The line of the gateway in the other slot has the devices in it that only the hub reaches.
  if (slots && network.hub && gatewayIn(slots, 'other') === network.hub.id)
    list.push(network.devices.length, ...network.devices)
  const end = network.ends.get(seat.id)
  // An end has its seat in it.
  if (end) list.push(end, ...directPeerLists(network.directPairs, end))
  const node = network.nodes.get(seat.id)
  if (network.topology === 'mesh' && node)
    for (const gateway of outsideOf(node, slots, network.gatewayById)) list.push(network.seats.get(gateway.node.id))
  return list
}
