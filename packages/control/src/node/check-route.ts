/** What stands in the way of a range behind a node, and what one should know of it. Looked at when it is offered, and again when it is approved. */
import { parseAddress } from '@spanwire/mesh/ip/address'
import { parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { contains, formatPrefix, overlaps, type Prefix, parsePrefix } from '@spanwire/mesh/ip/prefix'
import { accept } from '../accept.ts'
import type { Tx } from '../db.ts'
import type { ReadNetwork } from '../machine/read-network-input.ts'
import { Refusal } from '../refusal.ts'

/** Wider ones are no LAN: they would take the machines' own ways out with them. */
const SHORTEST = { 4: 8, 6: 32 } as const

export function acceptRoutePrefix(text: string): Prefix {
  const prefix = accept(parsePrefix(text), 'prefix')
  if (prefix.length < SHORTEST[prefix.family]) {
    throw refusal(`${text} is wider than a /${SHORTEST[prefix.family]}: that is more than a LAN.`, 'too-wide')
  }
  const special = NO_LANS.find((range) => overlaps(range, prefix))
  if (special) throw refusal(`${text} meets ${formatPrefix(special)}, which is on every machine or on none.`, 'no-lan')
  return prefix
}

const NO_LANS: readonly Prefix[] = [
  { family: 4, base: 0n, length: 8 },
  { family: 4, base: 0x7f00_0000n, length: 8 }, // loopback
  { family: 4, base: 0xa9fe_0000n, length: 16 }, // RFC 3927, link-local
  { family: 4, base: 0xe000_0000n, length: 3 }, // multicast and reserved
  { family: 6, base: 0n, length: 127 }, // unspecified and loopback
  { family: 6, base: 0xfe80n << 112n, length: 10 }, // link-local
  { family: 6, base: 0xff00n << 112n, length: 8 }, // multicast
]

/** Throws what cannot be, and answers what may be and surprises. */
export async function checkRoute(
  tx: Tx,
  { head, input }: ReadNetwork,
  nodeId: string,
  prefix: Prefix,
): Promise<string[]> {
  const text = formatPrefix(prefix)
  const own = [
    { name: 'the range of the network itself', ranges: [head.settings.cidr4, head.settings.cidr6] },
    { name: 'pods or services of its cluster', ranges: head.refusedRanges },
  ]
  for (const { name, ranges } of own) {
    const met = ranges.find((range) => meets(range, prefix))
    if (met) throw refusal(`${text} meets ${met}, ${name}.`, 'range-conflict')
  }
  const endpoint = input.nodes.find((node) => node.endpoint !== null && isInside(node.endpoint, prefix))
  if (endpoint) {
    throw refusal(
      `${endpoint.name} is called at ${endpoint.endpoint}, inside ${text}: tunnels to it would go into themselves.`,
      'endpoint-inside',
    )
  }
  const others = await tx.nodeRoute.findMany({
    where: { node: { networkId: head.settings.id }, nodeId: { not: nodeId }, state: 'approved' },
    include: { node: { select: { name: true } } },
  })
  const other = others.find((route) => meets(route.prefix, prefix))
  if (other) throw refusal(`${text} meets ${other.prefix} behind ${other.node.name}.`, 'range-conflict')
  const residents = input.nodes.filter(
    ({ id, lanAddresses = [] }) => id !== nodeId && lanAddresses.some((address) => isAddressInside(address, prefix)),
  )
  return residents.map(
    ({ name }) => `${name} has an address in ${text} itself: it goes on reaching its own LAN, not this one.`,
  )
}

const refusal = (message: string, reason: string): Refusal =>
  new Refusal('CONFLICT', message, {
    field: 'prefix',
    reason,
    fix: 'Give the range of the LAN alone, like 192.168.7.0/24.',
  })

function meets(text: string, prefix: Prefix): boolean {
  const other = parsePrefix(text)
  return other.ok && overlaps(other.value, prefix)
}

function isInside(endpointText: string, prefix: Prefix): boolean {
  const endpoint = parseEndpoint(endpointText)
  return endpoint.ok && endpoint.value.kind === 'address' && contains(prefix, endpoint.value.address)
}

function isAddressInside(text: string, prefix: Prefix): boolean {
  const address = parseAddress(text)
  return address.ok && contains(prefix, address.value)
}
