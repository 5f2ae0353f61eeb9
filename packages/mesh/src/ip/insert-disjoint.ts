import { comparePrefixes, overlaps, type Prefix } from './prefix.ts'

/**
 * Puts a range into a list of ranges that do not meet, kept in order, and says whether it could: only its two neighbours can stand in
 * its way, so ten thousand of them take no time.
 */
export function insertDisjoint(sorted: Prefix[], range: Prefix): boolean {
  const last = sorted.at(-1)
  // Most come in order.
  let low = last && comparePrefixes(last, range) < 0 ? sorted.length : 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = sorted[middle]
    if (other && comparePrefixes(other, range) < 0) low = middle + 1
    else high = middle
  }
  const isTaken = [sorted[low - 1], sorted[low]].some((other) => other && overlaps(other, range))
  if (!isTaken) sorted.splice(low, 0, range)
  return !isTaken
}
