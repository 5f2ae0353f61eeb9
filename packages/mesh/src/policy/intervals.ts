/** Sets of addresses of one family as ranges: sorted, apart from each other, none touching the next. Both ends belong to a range. */
export type Interval = { readonly first: bigint; readonly last: bigint }
export type Intervals = readonly Interval[]

export const NO_ADDRESSES: Intervals = []

/** Makes a set of ranges in any order. */
export function toIntervals(ranges: Iterable<Interval>): Intervals {
  return joined([...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0)))
}

/** One pass over both; a range that neither grows nor moves stays the same object, so that what was made of it can be kept. */
export function union(a: Intervals, b: Intervals): Intervals {
  if (b.length === 0) return a
  if (a.length === 0) return b
  const sorted: Interval[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left && (!right || left.first <= right.first)) {
      sorted.push(left)
      i++
    } else if (right) {
      sorted.push(right)
      j++
    }
  }
  return joined(sorted)
}

export function intersect(a: Intervals, b: Intervals): Intervals {
  const common: Interval[] = []
  // The shorter one leads: a node has a handful of ranges, a rule may have thousands.
  const [few, many] = a.length <= b.length ? [a, b] : [b, a]
  for (const range of few) {
    for (let i = firstEndingAtOrAfter(many, range.first); i < many.length; i++) {
      const other = many[i] as Interval
      if (other.first > range.last) break
      common.push(overlapOf(range, other))
    }
  }
  return common
}

/** The one that lies in the other as the object that it is, so that what was made of it can be kept. */
function overlapOf(a: Interval, b: Interval): Interval {
  if (b.first <= a.first && a.last <= b.last) return a
  if (a.first <= b.first && b.last <= a.last) return b
  return { first: later(a.first, b.first), last: earlier(a.last, b.last) }
}

/** What of `a` is not in `b`. */
export function subtract(a: Intervals, b: Intervals): Intervals {
  const left: Interval[] = []
  for (const range of a) {
    let first = range.first
    for (let i = firstEndingAtOrAfter(b, first); i < b.length && first <= range.last; i++) {
      const hole = b[i] as Interval
      if (hole.first > range.last) break
      if (hole.first > first) left.push({ first, last: hole.first - 1n })
      first = hole.last + 1n
    }
    if (first <= range.last) left.push(first === range.first ? range : { first, last: range.last })
  }
  return left
}

export function overlap(a: Intervals, b: Intervals): boolean {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a]
  return few.some((range) => {
    const other = many[firstEndingAtOrAfter(many, range.first)]
    return other !== undefined && other.first <= range.last
  })
}

export function includes(set: Intervals, value: bigint): boolean {
  const range = set[firstEndingAtOrAfter(set, value)]
  return range !== undefined && range.first <= value
}

export function sameIntervals(a: Intervals, b: Intervals): boolean {
  return (
    a === b || (a.length === b.length && a.every(({ first, last }, i) => b[i]?.first === first && b[i]?.last === last))
  )
}

/** The place of the first range that does not end before the value. */
export function firstEndingAtOrAfter(set: Intervals, value: bigint): number {
  let [low, high] = [0, set.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((set[middle] as Interval).last < value) low = middle + 1
    else high = middle
  }
  return low
}

function joined(sorted: readonly Interval[]): Intervals {
  const apart: Interval[] = []
  for (const range of sorted) {
    const before = apart.at(-1)
    if (!before || range.first > before.last + 1n) apart.push(range)
    else if (range.last > before.last) apart[apart.length - 1] = { first: before.first, last: range.last }
  }
  return apart
}

// Math.min and Math.max do not take bigints.
function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

function later(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}
