/** Peers as more than one interface has them. */
import { nodeV4, PROBE_SLOT, probeAddress } from '../ip/address-plan.ts'
import { hostPrefix, type Prefix } from '../ip/prefix.ts'
import { endpointOf } from './gateways.ts'
import type { TunnelPeer } from './node-view.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'

/** A member's only peer on an interface: everything inside of the overlay goes to its gateway. */
export function gatewayPeers(
  network: NetworkPlan,
  seat: Seat | null,
  gatewayId: string | null,
  slot: number,
): TunnelPeer[] {
  const gateway = gatewayId === null ? undefined : network.nodes.get(gatewayId)
  if (!seat || !gateway) return []
  return [
    {
      ...probed(network, gateway, slot),
      // The whole range of the cluster, not each node's: a node that joins changes nothing on all the others.
      allowedIps: [network.overlay4, network.ula, ...network.clusterRanges, ...routesOfOthers(network, seat)],
      endpoint: endpointOf(gateway),
      keepaliveSeconds: network.settings.keepaliveSeconds,
    },
  ]
}

/** Takes what is the peer's own. Nobody's endpoint stands in it: the node tries them in turn. */
export function directPeer(network: NetworkPlan, seat: Seat, publicKey: string): TunnelPeer {
  const peer = { ...probed(network, seat, PROBE_SLOT.direct), publicKey }
  const allowedIps = [...seat.own, hostPrefix(peer.probe6)]
  return { ...peer, allowedIps, endpoint: null, keepaliveSeconds: keepalive(network) }
}

export const routesOfOthers = (network: NetworkPlan, { id }: Seat): Prefix[] =>
  network.routers.flatMap((router) => (router.id === id ? [] : router.routes))

/** Between two NATs, and to be seen, it is not a choice. */
export const keepalive = (network: NetworkPlan): number => network.settings.keepaliveSeconds || 25

export function probed(
  network: NetworkPlan,
  peer: { readonly name: string; readonly publicKey: string; readonly ordinal: number },
  slot: number,
) {
  return {
    name: peer.name,
    publicKey: peer.publicKey,
    probe4: nodeV4(network.overlay4, peer.ordinal),
    probe6: probeAddress(network.ula, slot, peer.ordinal),
  }
}
