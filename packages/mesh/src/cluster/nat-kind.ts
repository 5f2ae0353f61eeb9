/**
 * What stands between a machine and the gateways, by what the gateways see of it. No STUN: WireGuard's own packets show it.
 *
 *   a gateway sees one of the machine's own addresses         none
 *   two gateways see two ports                                hard: a new port for each peer, so nobody can call it
 *   every gateway sees the port that the machine listens on   easy: the NAT keeps it
 *   one gateway, another port                                 unknown: only a second gateway could tell
 */
import { formatAddress } from '../ip/address.ts'
import { parseEndpoint } from '../ip/endpoint.ts'

export type NatKind = 'none' | 'easy' | 'hard' | 'unknown'

export type NatSight = {
  /** As formatAddress writes them. */
  readonly ownAddresses: readonly string[]
  readonly listenPort: number | null
  /** Where each gateway sees the machine's packets come from, `203.0.113.7:41641`. */
  readonly seenAt: readonly string[]
}

export function natKind({ ownAddresses, listenPort, seenAt }: NatSight): NatKind {
  const seen = seenAt.flatMap((text) => {
    const endpoint = parseEndpoint(text)
    return endpoint.ok && endpoint.value.kind === 'address' ? [endpoint.value] : []
  })
  if (seen.length === 0) return 'unknown'
  if (seen.some(({ address }) => ownAddresses.includes(formatAddress(address)))) return 'none'
  if (new Set(seen.map(({ port }) => port)).size > 1) return 'hard'
  return listenPort !== null && seen.every(({ port }) => port === listenPort) ? 'easy' : 'unknown'
}
