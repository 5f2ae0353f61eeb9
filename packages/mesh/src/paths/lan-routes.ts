/**
 * LANs behind nodes: approved, and still looked at, since what stands there may have changed since: nobody's overlay, pods or services, not
 * everything, and no two of them meet. Who joined first keeps a range that two have.
 */
import { insertDisjoint } from '../ip/insert-disjoint.ts'
import { overlaps, type Prefix } from '../ip/prefix.ts'
import type { JoinedNode } from './network-input.ts'
import { readRanges } from './read-ranges.ts'
import { type Seat, samePrefixes } from './seat.ts'

export function lanRoutes(working: readonly JoinedNode[], refused: readonly Prefix[]): Map<string, readonly Prefix[]> {
  const routes = new Map<string, readonly Prefix[]>()
  const given: Prefix[] = []
  for (const node of working) {
    if (!node.routes || node.routes.length === 0) continue
    const own = readRanges(node.routes).filter(
      (range) => range.length > 0 && !refused.some((other) => overlaps(other, range)) && insertDisjoint(given, range),
    )
    if (own.length > 0) routes.set(node.id, own)
  }
  return routes
}

/** Who has LANs behind it; the same list from plan to plan while their ranges do not change. */
export function routersOf(seats: readonly Seat[], known: readonly Seat[]): readonly Seat[] {
  const routers = seats.filter(({ routes }) => routes.length > 0)
  const isSame =
    known.length === routers.length &&
    known.every(({ id, routes }, i) => id === routers[i]?.id && samePrefixes(routes, routers[i]?.routes ?? []))
  return isSame ? known : routers
}
