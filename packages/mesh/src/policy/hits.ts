import type { AddressSet } from './address-set.ts'
import { isNobody } from './address-set.ts'
import { firstEndingAtOrAfter, type Interval, overlap } from './intervals.ts'
import type { Part } from './parts.ts'

/** Places in the list of parts, ascending. */
export type Hits = readonly number[]

/** How many owners are asked one by one; more are laid out side by side once. */
const FEW = 8

/** Which parts speak of whom. No two owners have an address in common. */
export function hitsOf(
  parts: readonly Part[],
  owners: readonly (readonly [string, AddressSet])[],
): ReadonlyMap<string, Hits> {
  const hits = new Map(owners.map(([id]) => [id, [] as number[]]))
  const streets = owners.length > FEW ? ([4, 6] as const).map((family) => streetOf(owners, family)) : null
  parts.forEach((part, place) => {
    const found = (id: string) => {
      const list = hits.get(id)
      if (list && list.at(-1) !== place) list.push(place)
    }
    if (!isNobody(part.beyond)) for (const [id] of owners) found(id)
    if (streets === null) {
      for (const [id, own] of owners)
        if (overlap(part.destinations.v4, own.v4) || overlap(part.destinations.v6, own.v6)) found(id)
      return
    }
    for (const [street, ranges] of [
      [streets[0], part.destinations.v4],
      [streets[1], part.destinations.v6],
    ] as const)
      if (street) for (const range of ranges) walk(street, range, found)
  })
  return hits
}

type Street = { readonly houses: readonly Interval[]; readonly ids: readonly string[] }

function streetOf(owners: readonly (readonly [string, AddressSet])[], family: 4 | 6): Street {
  const all = owners.flatMap(([id, own]) => (family === 4 ? own.v4 : own.v6).map((house) => ({ id, house })))
  all.sort((a, b) => (a.house.first < b.house.first ? -1 : a.house.first > b.house.first ? 1 : 0))
  return { houses: all.map(({ house }) => house), ids: all.map(({ id }) => id) }
}

function walk({ houses, ids }: Street, { first, last }: Interval, found: (id: string) => void): void {
  for (let i = firstEndingAtOrAfter(houses, first); i < houses.length; i++) {
    if ((houses[i] as Interval).first > last) return
    found(ids[i] as string)
  }
}
