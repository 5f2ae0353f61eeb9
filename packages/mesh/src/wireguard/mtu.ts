/**
 * How large a packet may be at each layer.
 *
 *   outer  | IP 20/40 | UDP 8 | WireGuard 16 + 16 | inner, padded to a multiple of 16 but not past the device's MTU |
 *          '--------- 60 with IPv4 outside, 80 with IPv6 outside ----'
 */
import { err, type Fault, ok, type Result } from '../result.ts'

const OVERHEAD = { ipv4: 20 + 8 + 16 + 16, ipv6: 40 + 8 + 16 + 16 }

/** RFC 8200, section 5: below it there is no IPv6 inside the tunnel. */
export const MIN_IPV6_MTU = 1280

/** The highest value that an interface accepts: 65535 less the larger overhead. */
const MAX_MTU = 65535 - OVERHEAD.ipv6

/** What flannel's backends take off the MTU of the interface they use. VXLAN: 50 with an IPv4 overlay, 70 with an IPv6 one. */
const POD_OVERHEAD = { 'host-gw': 0, vxlan: 50, 'vxlan-ipv6': 70, 'wireguard-native': OVERHEAD.ipv6 }

export type PodBackend = keyof typeof POD_OVERHEAD

/** The tunnel's MTU over a link. IPv6 outside is assumed unless it can be ruled out: a node may roam to it. */
export function tunnelMtu(linkMtu: number, outside: 'ipv4' | 'ipv6' = 'ipv6'): number {
  return linkMtu - OVERHEAD[outside]
}

export function podMtu(tunnel: number, backend: PodBackend): number {
  return tunnel - POD_OVERHEAD[backend]
}

/** The size on the wire of an inner packet: 0 bytes inside is a keepalive. */
export function wireSize(innerBytes: number, mtu: number, outside: 'ipv4' | 'ipv6'): number {
  return Math.max(innerBytes, Math.min(Math.ceil(innerBytes / 16) * 16, mtu)) + OVERHEAD[outside]
}

/** The MTU of a network, the same on all of its nodes: unequal ones stall large transfers in one direction only. */
export function parseMtu(value: number): Result<number, Fault<'bad-mtu'>> {
  if (!Number.isInteger(value) || value < MIN_IPV6_MTU || value > MAX_MTU) {
    const message = `the MTU of a network is ${MIN_IPV6_MTU} (the least that IPv6 works with) to ${MAX_MTU}; 1420 fits any link of 1500`
    return err({ kind: 'bad-mtu', message })
  }
  return ok(value)
}
