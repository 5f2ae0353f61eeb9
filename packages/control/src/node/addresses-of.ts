import { invariant } from '@spanwire/mesh/invariant'
import { formatAddress } from '@spanwire/mesh/ip/address'
import { nodeV4, nodeV6 } from '@spanwire/mesh/ip/address-plan'
import { type Prefix, parsePrefix } from '@spanwire/mesh/ip/prefix'

export type NodeAddresses = { readonly address4: string | null; readonly address6: string | null }

/** Null until the node has its place in the network. */
export function addressesOf(node: { ordinal: number | null; cidr4: string; cidr6: string }): NodeAddresses {
  if (node.ordinal === null) return { address4: null, address6: null }
  return {
    address4: formatAddress(nodeV4(range(node.cidr4), node.ordinal)),
    address6: formatAddress(nodeV6(range(node.cidr6), node.ordinal)),
  }
}

// Five thousand rows share two ranges: parsing them for each row took a third of the time of the whole list.
const ranges = new Map<string, Prefix>()
const MOST_RANGES = 1000

function range(text: string): Prefix {
  const known = ranges.get(text)
  if (known) return known
  const parsed = parsePrefix(text)
  invariant(parsed.ok, 'the ranges of a network are CHECKed in SQL')
  if (ranges.size >= MOST_RANGES) ranges.clear()
  ranges.set(text, parsed.value)
  return parsed.value
}
