import type { Family } from '../ip/address.ts'
import { type AddressSet, formatInterval, ofFamily } from './address-set.ts'
import type { Interval, Intervals } from './intervals.ts'

/** A set stays the same object while nobody in it changes, and a range while its set is not merged: so is their text. */
export function elements(set: Intervals, family: Family): string {
  const known = setTexts.get(set)
  if (known !== undefined) return known
  const text = set.map((range) => intervalText(range, family)).join(', ')
  setTexts.set(set, text)
  return text
}

export function intervalText(range: Interval, family: Family): string {
  const known = texts.get(range)
  if (known !== undefined) return known
  const text = formatInterval(range, family)
  texts.set(range, text)
  return text
}

/** A line for each family that is there. */
export function forAny(field: 'saddr' | 'daddr', set: AddressSet, verdict: string): string {
  return ([4, 6] as const)
    .filter((family) => ofFamily(set, family).length > 0)
    .map((family) => `    ${ip(family)} ${field} { ${elements(ofFamily(set, family), family)} } ${verdict}\n`)
    .join('')
}

export const ip = (family: Family): 'ip' | 'ip6' => (family === 4 ? 'ip' : 'ip6')

export function addressType(family: Family): string {
  return family === 4 ? 'ipv4_addr' : 'ipv6_addr'
}

const setTexts = new WeakMap<Intervals, string>()
const texts = new WeakMap<Interval, string>()
