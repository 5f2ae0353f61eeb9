/** Address ranges written as base/length. A prefix never has host bits set: `10.77.0.5/16` is refused with its fix. */
import { err, type Fault, ok, type Result } from '../result.ts'
import { type Address, bitsOf, type Family, formatAddress, parseAddress } from './address.ts'

export type Prefix = { readonly family: Family; readonly base: bigint; readonly length: number }

export type PrefixFault = Fault<'bad-prefix' | 'host-bits'> & { readonly suggestion?: string }

export function parsePrefix(text: string): Result<Prefix, PrefixFault> {
  const parts = /^([^/]{1,45})\/(0|[1-9][0-9]{0,2})$/.exec(text)
  const address = parseAddress(parts?.[1] ?? '')
  const length = Number(parts?.[2])
  if (!parts || !address.ok || length > bitsOf(address.value.family)) {
    return err({
      kind: 'bad-prefix',
      message: `${JSON.stringify(text.slice(0, 60))} is not a network range; write it like 10.77.0.0/16 or fd00::/48`,
    })
  }
  const prefix = prefixOf(address.value, length)
  if (prefix.base !== address.value.value) {
    const suggestion = formatPrefix(prefix)
    return err({
      kind: 'host-bits',
      message: `${text} names one address inside a range; the range is ${suggestion}`,
      suggestion,
    })
  }
  return ok(prefix)
}

export const formatPrefix = (prefix: Prefix): string =>
  `${formatAddress({ family: prefix.family, value: prefix.base })}/${prefix.length}`

/** The range of this length that the address lies in. */
export function prefixOf(address: Address, length: number): Prefix {
  const hostBits = BigInt(bitsOf(address.family) - length)
  return { family: address.family, base: (address.value >> hostBits) << hostBits, length }
}

/** The range of exactly one address: what AllowedIPs of a node are made of. */
export const hostPrefix = (address: Address): Prefix => prefixOf(address, bitsOf(address.family))

export const lastOf = (prefix: Prefix): bigint =>
  prefix.base + (1n << BigInt(bitsOf(prefix.family) - prefix.length)) - 1n

export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.family === b.family && a.base <= lastOf(b) && b.base <= lastOf(a)
}

/** Whether all of `inner`, a range or an address, lies in `outer`. */
export function contains(outer: Prefix, inner: Prefix | Address): boolean {
  if (outer.family !== inner.family) return false
  const [first, last] = 'base' in inner ? [inner.base, lastOf(inner)] : [inner.value, inner.value]
  return outer.base <= first && last <= lastOf(outer)
}

/**
 * How many machines fit, numbered from 1. Number 0 is the network itself (in IPv6 the subnet-router anycast address, RFC
 * 4291 2.6.1), and the last IPv4 address is the broadcast address.
 */
export function hostCount(prefix: Prefix): bigint {
  const reserved = prefix.family === 4 ? 2n : 1n
  const room = (1n << BigInt(bitsOf(prefix.family) - prefix.length)) - reserved
  return room < 0n ? 0n : room
}

export function addressAt(prefix: Prefix, ordinal: number | bigint): Result<Address, Fault<'pool-exhausted'>> {
  const host = BigInt(ordinal)
  if (host < 1n || host > hostCount(prefix)) {
    return err({
      kind: 'pool-exhausted',
      message: `${formatPrefix(prefix)} has room for ${hostCount(prefix)} machines; there is no number ${host} in it`,
    })
  }
  return ok({ family: prefix.family, value: prefix.base + host })
}

/** IPv4 first, then by base, wider before narrower: the order of every rendered list. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.base !== b.base) return a.base < b.base ? -1 : 1
  return a.length - b.length
}
