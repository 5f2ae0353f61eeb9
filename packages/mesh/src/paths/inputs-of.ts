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
  // One list that grows: this is done for every node at each change.
  const list: unknown[] = [seat, network.topology, hasSeveral(network), network.routers]
  // Lists that differ in length never compare alike, whatever follows them.
  if (network.carried.has(nodeId)) addOfGateway(list, network, nodeId)
  else addOfMember(list, network, seat)
  return list
}

/** It has a line for every node, or at least a peer for each that it carries. */
function addOfGateway(list: unknown[], network: NetworkPlan, nodeId: string): void {
  const devices = hasSeveral(network) || network.hub?.id === nodeId ? network.devices : []
  list.push(network.seats, devices.length, ...devices)
  // Nothing else of an end is in a gateway's view: where it is seen is no news to who sees it.
  for (const { publicKey } of network.reflected.get(nodeId) ?? []) list.push(publicKey)
}

function addOfMember(list: unknown[], network: NetworkPlan, seat: Seat): void {
  const { slots } = seat
  list.push(slots?.a && network.seats.get(slots.a), slots?.b && network.seats.get(slots.b))
  // The line of the gateway in the other slot has the devices in it that only the hub reaches.
  if (slots && network.hub && gatewayIn(slots, 'other') === network.hub.id)
    list.push(network.devices.length, ...network.devices)
  const end = network.ends.get(seat.id)
  if (end) {
    const [near, far] = directPeerLists(network.directPairs, end)
    // An end has its seat in it.
    list.push(end, near, far)
  }
  const node = network.topology === 'mesh' ? network.nodes.get(seat.id) : undefined
  if (node)
    for (const gateway of outsideOf(node, slots, network.gatewayById)) list.push(network.seats.get(gateway.node.id))
}
