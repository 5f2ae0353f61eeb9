/**
 * One end of direct paths, read from a node's row: what it listens with, where it is, where gateways see it. Null for who cannot have
 * any. The same object from plan to plan while nothing in it changes.
 */
import { type Address, compareAddresses, formatAddress, parseAddress } from '../ip/address.ts'
import { type Endpoint, formatEndpoint, type NumericEndpoint, parseEndpoint } from '../ip/endpoint.ts'
import { contains, type Prefix } from '../ip/prefix.ts'
import { parsePublicKey } from '../wireguard/key.ts'
import { endpointOf } from './gateways.ts'
import { type DirectNatKind, directNatKind } from './nat-kind.ts'
import type { JoinedNode } from './network-input.ts'
import { publicAddressesOf } from './pair-endpoints.ts'
import type { Seat } from './seat.ts'

export type DirectEnd = {
  readonly id: string
  readonly seat: Seat
  readonly ordinal: number
  /** Of the direct interface; another key than the node's own. */
  readonly publicKey: string
  /** Null until it is known. */
  readonly port: number | null
  readonly siteId: string | null
  readonly lan: readonly Address[]
  readonly declared: Endpoint | null
  /** Distinct, in the order of their text, so that a report in another order is no change. */
  readonly observed: readonly NumericEndpoint[]
  readonly publicAddresses: readonly string[]
  readonly nat: DirectNatKind
  /** All of the above as text. */
  readonly text: string
}

const MOST_ADDRESSES = 16

/** Members only: what a gateway carries for others must not leave by a tunnel that takes the gateway's own alone. */
export function directEndOf(
  node: JoinedNode,
  seat: Seat,
  gatewayIds: ReadonlySet<string>,
  /** Overlay, pods, services. */
  refused: readonly Prefix[],
  before: DirectEnd | undefined,
): DirectEnd | null {
  const key = parsePublicKey(node.directKey ?? '')
  if (!key.ok || node.role === 'gateway') return null
  const publicKey = key.value
  const isOutside = (address: Address) => !refused.some((range) => contains(range, address))
  const entered = endpointOf(node)
  const declared = entered?.kind === 'address' && !isOutside(entered.address) ? null : entered
  const read = (node.lanAddresses ?? []).flatMap(usable).filter(isOutside)
  const lan = read.sort(compareAddresses).slice(0, MOST_ADDRESSES)
  const seen = (node.observed ?? []).filter(({ gatewayId }) => gatewayIds.has(gatewayId))
  const sights = seen.flatMap(({ endpoint }) => numeric(endpoint)).filter(({ address }) => isOutside(address))
  const texts = [...new Set(sights.map(formatEndpoint))].sort()
  const observed = texts.flatMap(numeric)
  const port = declared?.port ?? node.directPort ?? null
  const nat = directNatKind({ hasDeclaredEndpoint: declared !== null, ownAddresses: lan, observed: sights })
  const siteId = node.siteId ?? null
  const words = [publicKey, port, siteId, declared && formatEndpoint(declared), nat, lan.map(formatAddress), texts]
  const text = JSON.stringify(words)
  if (before?.text === text && before.seat === seat) return before
  const publicAddresses = publicAddressesOf(observed)
  return {
    id: node.id,
    seat,
    ordinal: node.ordinal,
    publicKey,
    port,
    siteId,
    lan,
    declared,
    observed,
    publicAddresses,
    nat,
    text,
  }
}

function numeric(text: string): NumericEndpoint[] {
  const endpoint = parseEndpoint(text)
  return endpoint.ok && endpoint.value.kind === 'address'
    ? [{ address: endpoint.value.address, port: endpoint.value.port }]
    : []
}

/** What can be called from another machine without naming an interface. */
function usable(text: string): Address[] {
  const address = parseAddress(text)
  if (!address.ok || ONE_MACHINE.some((range) => contains(range, address.value))) return []
  return [address.value]
}

const ONE_MACHINE: readonly Prefix[] = [
  { family: 4, base: 0n, length: 8 },
  { family: 4, base: 0x7f00_0000n, length: 8 }, // loopback
  { family: 4, base: 0xa9fe_0000n, length: 16 }, // RFC 3927, link-local
  { family: 4, base: 0xe000_0000n, length: 3 }, // multicast and reserved
  { family: 6, base: 0n, length: 127 }, // unspecified and loopback
  { family: 6, base: 0xfe80n << 112n, length: 10 }, // link-local
  { family: 6, base: 0xff00n << 112n, length: 8 }, // multicast
]
