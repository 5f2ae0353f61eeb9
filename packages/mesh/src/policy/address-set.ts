import { type Address, type Family, formatAddress } from '../ip/address.ts'
import { formatPrefix, lastOf, type Prefix } from '../ip/prefix.ts'
import { type Interval, type Intervals, intersect, NO_ADDRESSES, overlap, toIntervals, union } from './intervals.ts'

/** Addresses of both families. */
export type AddressSet = { readonly v4: Intervals; readonly v6: Intervals }

export const NOBODY: AddressSet = { v4: NO_ADDRESSES, v6: NO_ADDRESSES }

export const ofFamily = (set: AddressSet, family: Family): Intervals => (family === 4 ? set.v4 : set.v6)

export const isNobody = (set: AddressSet): boolean => set.v4.length === 0 && set.v6.length === 0

export function unite(a: AddressSet, b: AddressSet): AddressSet {
  if (isNobody(b)) return a
  if (isNobody(a)) return b
  return { v4: union(a.v4, b.v4), v6: union(a.v6, b.v6) }
}

export const uniteAll = (sets: Iterable<AddressSet>): AddressSet => {
  const all = [...sets]
  if (all.length < 3) return all.reduce(unite, NOBODY)
  return { v4: toIntervals(all.flatMap(({ v4 }) => v4)), v6: toIntervals(all.flatMap(({ v6 }) => v6)) }
}

export const common = (a: AddressSet, b: AddressSet): AddressSet => ({
  v4: intersect(a.v4, b.v4),
  v6: intersect(a.v6, b.v6),
})

export const meet = (a: AddressSet, b: AddressSet): boolean => overlap(a.v4, b.v4) || overlap(a.v6, b.v6)

export function addressSet(ranges: Iterable<Interval & { readonly family: Family }>): AddressSet {
  const all = [...ranges]
  return {
    v4: toIntervals(all.filter(({ family }) => family === 4)),
    v6: toIntervals(all.filter(({ family }) => family === 6)),
  }
}

export const rangeOfAddress = ({ family, value }: Address) => ({ family, first: value, last: value })
export const rangeOfPrefix = (prefix: Prefix) => ({ family: prefix.family, first: prefix.base, last: lastOf(prefix) })

/** As nft and people write it: an address, a prefix where the range is one, else both ends. */
export function formatInterval({ first, last }: Interval, family: Family): string {
  if (first === last) return formatAddress({ family, value: first })
  const size = last - first + 1n
  const bits = size.toString(2).length - 1
  if (size === 1n << BigInt(bits) && first % size === 0n)
    return formatPrefix({ family, base: first, length: (family === 4 ? 32 : 128) - bits })
  return `${formatAddress({ family, value: first })}-${formatAddress({ family, value: last })}`
}
