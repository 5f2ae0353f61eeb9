/** The seat of each who is at work, and who is carried by whom. */
import type { Prefix } from '../ip/prefix.ts'
import type { Gateway } from './gateways.ts'
import type { JoinedNode } from './network-input.ts'
import type { RowChanges } from './row-changes.ts'
import { type Seat, seatOf } from './seat.ts'
import { slotFiller } from './slots.ts'

type Behind = {
  readonly gateways: readonly Gateway[]
  readonly pods: ReadonlyMap<string, readonly Prefix[]>
  readonly routes: ReadonlyMap<string, readonly Prefix[]>
}

/** In the order of their places; the same list while no seat changes. */
export function seatsOf(
  working: readonly JoinedNode[],
  now: Behind,
  addresses: (ordinal: number) => readonly Prefix[],
  { kept }: RowChanges,
  before: (Behind & { readonly seats: readonly Seat[] }) | null,
): readonly Seat[] {
  const numbers = new Map(now.gateways.map(({ node, number }) => [node.id, number]))
  const fill = slotFiller(now.gateways)
  const isCarriedAlike = before !== null && sameLine(before.gateways, now.gateways)
  // A row that is another object may be of the same node.
  const others = new Map<string, Seat>()
  const keptPlaces = new Set(kept)
  for (const [place, seat] of before?.seats.entries() ?? []) if (!keptPlaces.has(place)) others.set(seat.id, seat)
  const seats = working.map((node, i) => {
    const known = before?.seats[kept[i] ?? -1] ?? others.get(node.id)
    const [pods, routes] = [now.pods.get(node.id) ?? NONE, now.routes.get(node.id) ?? NONE]
    if (known && isCarriedAlike && kept[i] !== -1 && known.pods === pods && known.routes === routes) return known
    const number = numbers.get(node.id) ?? null
    const slots = number === null && now.gateways.length > 0 ? fill(node.slots) : null
    return seatOf(node, { pods, routes, number, slots }, addresses, known)
  })
  const isSame = before?.seats.length === seats.length && seats.every((seat, i) => before.seats[i] === seat)
  return isSame ? before.seats : seats
}

const NONE: readonly Prefix[] = []

/** Slots are filled by ids, in this order, with those last that are being drained. */
const sameLine = (a: readonly Gateway[], b: readonly Gateway[]): boolean =>
  a.length === b.length &&
  a.every(({ node, number }, i) => {
    const other = b[i]
    return other?.node.id === node.id && other.number === number && other.node.draining === node.draining
  })

/** By gateway those who are carried by it, by their first or other slot. */
export function carriedBy(seats: readonly Seat[], gateways: readonly Gateway[]): Map<string, readonly Seat[]> {
  const carried = new Map<string, Seat[]>(gateways.map(({ node }) => [node.id, []]))
  for (const seat of seats) {
    if (seat.slots?.a) carried.get(seat.slots.a)?.push(seat)
    if (seat.slots?.b) carried.get(seat.slots.b)?.push(seat)
  }
  return carried
}
