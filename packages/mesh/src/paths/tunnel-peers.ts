/**
 * Every tunnel of a node, over all its interfaces: whose it is, and by which key it is known there. What a node measures of anything else
 * is none of its business.
 */
import { directPeersOf } from './direct-pairs.ts'
import { directName, interconnectName, secondName } from './interface-names.ts'
import type { JoinedNode } from './network-input.ts'
import { type NetworkPlan, peersOf } from './plan.ts'

export type TunnelPeerOf = {
  readonly interfaceName: string
  readonly peer: JoinedNode
  /** The peer's key on that interface. */
  readonly publicKey: string
}

export function tunnelPeers(network: NetworkPlan, node: JoinedNode): TunnelPeerOf[] {
  const base = network.settings.interfaceName
  const on = (interfaceName: string, id: string | null | undefined, key?: string): TunnelPeerOf[] => {
    const peer = id ? network.nodes.get(id) : undefined
    return peer ? [{ interfaceName, peer, publicKey: key ?? peer.publicKey }] : []
  }
  const isGateway = network.gateways.some((gateway) => gateway.node.id === node.id)
  const others = isGateway ? network.gateways.filter((gateway) => gateway.node.id !== node.id) : []
  const end = network.ends.get(node.id)
  return [
    ...peersOf(network, node).map((peer) => ({ interfaceName: base, peer, publicKey: peer.publicKey })),
    ...on(secondName(base), network.seats.get(node.id)?.slots?.b),
    ...others.flatMap((gateway) => on(interconnectName(base, gateway.number), gateway.node.id)),
    ...(end ? directPeersOf(network.directPairs, end) : []).flatMap(({ id, publicKey }) =>
      on(directName(base), id, publicKey),
    ),
  ]
}
