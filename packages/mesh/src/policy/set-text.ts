import type { Family } from '../ip/address.ts'
import { formatInterval } from './address-set.ts'
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

const setTexts = new WeakMap<Intervals, string>()
const texts = new WeakMap<Interval, string>()
