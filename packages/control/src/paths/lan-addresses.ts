/** A machine's own addresses outside of our tunnels and its container bridges, out of the `address IF CIDR` lines of its facts. */
import { formatAddress, parseAddress } from '@spanwire/mesh/ip/address'

/** Bridges and links of container runtimes and hypervisors: the same addresses are on many machines, and lead to none of them. */
const NOT_A_LAN =
  /^(lo|docker|br-|veth|cni|flannel|cali|cilium|kube|virbr|lxc|lxd|podman|tailscale|wg|dummy|nodelocaldns)/

export const MOST_LAN_ADDRESSES = 16

export function lanAddresses(facts: Readonly<Record<string, string>>, interfaceName: string): string[] {
  const found = new Set<string>()
  for (const line of (facts.address ?? '').split('\n')) {
    const [name = '', range = ''] = line.split(' ')
    if (name.startsWith(interfaceName) || NOT_A_LAN.test(name)) continue
    const address = parseAddress(range.split('/')[0] ?? '')
    if (!address.ok || isOfTheLinkOnly(address.value)) continue
    found.add(formatAddress(address.value))
  }
  return [...found].sort().slice(0, MOST_LAN_ADDRESSES)
}

function isOfTheLinkOnly({ family, value }: { family: 4 | 6; value: bigint }): boolean {
  return family === 4 ? value >> 16n === 0xa9fen || value >> 24n === 127n : value >> 118n === 0x3fan || value === 1n
}
