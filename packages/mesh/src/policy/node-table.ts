/**
 * What one node lets in, as a structure: the last step before text, and what the tests interpret. Elements of a line never overlap, since
 * the kernel refuses overlapping elements of a set.
 */
import type { Family } from '../ip/address.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { type Intervals, intersect, toIntervals, union } from './intervals.ts'
import type { Part } from './parts.ts'
import type { AccessPlan } from './plan-access.ts'
import { belongsTo, mergeServices, type PortRange } from './service.ts'

export type Target = {
  readonly first: bigint
  readonly last: bigint
  readonly protocol: number
  /** Null: all, or the protocol has none. */
  readonly ports: readonly PortRange[] | null
}

export type AccessLine = {
  readonly rule: number
  /** Place of a part whose sources are those of the line. */
  readonly part: number
  readonly v4: readonly Target[]
  readonly v6: readonly Target[]
}

export type NodeTable = {
  /** No policy: nothing is judged. */
  readonly isOpen: boolean
  readonly own: AddressSet
  /** In the order of the rules. */
  readonly lines: readonly AccessLine[]
}

/** Null for who is no node of the network. */
export function nodeTable(plan: AccessPlan, nodeId: string): NodeTable | null {
  const own = plan.own.get(nodeId)
  if (!own) return null
  const known = plan.tables.get(nodeId)
  if (known) return known
  const table = { isOpen: plan.policy.isOpen, own, lines: linesOf(plan, plan.hits.get(nodeId) ?? [], own) }
  plan.tables.set(nodeId, table)
  return table
}

function linesOf(plan: AccessPlan, hits: readonly number[], own: AddressSet): AccessLine[] {
  const groups = new Map<string, number[]>()
  for (const place of hits) {
    const part = plan.parts[place] as Part
    const key = `${part.rule} ${part.sourceKey}`
    const group = groups.get(key)
    if (group) group.push(place)
    else groups.set(key, [place])
  }
  return [...groups.values()].map((places) => {
    const parts = places.map((place) => plan.parts[place] as Part)
    const part = places[0] as number
    return { rule: (parts[0] as Part).rule, part, v4: targetsOf(parts, own, 4), v6: targetsOf(parts, own, 6) }
  })
}

/** Cuts the destinations where they begin and end, and says of each piece what is let through to it. */
function targetsOf(parts: readonly Part[], own: AddressSet, family: Family): readonly Target[] {
  const mine = parts.map((part) =>
    union(intersect(ofFamily(part.destinations, family), ofFamily(own, family)), ofFamily(part.beyond, family)),
  )
  const byServices = new Map<string, { services: Part['services']; pieces: { first: bigint; last: bigint }[] }>()
  for (const piece of piecesOf(mine)) {
    const inside = parts.filter((_, i) =>
      mine[i]?.some(({ first, last }) => first <= piece.first && piece.last <= last),
    )
    const services = mergeServices(inside.flatMap((part) => part.services)).filter(({ protocol }) =>
      belongsTo(protocol, family),
    )
    const text = JSON.stringify(services)
    const group = byServices.get(text)
    if (group) group.pieces.push(piece)
    else byServices.set(text, { services, pieces: [piece] })
  }
  return [...byServices.values()].flatMap(({ services, pieces }) =>
    toIntervals(pieces).flatMap((piece) => services.map(({ protocol, ports }) => ({ ...piece, protocol, ports }))),
  )
}

function piecesOf(sets: readonly Intervals[]): Intervals {
  if (sets.length === 1) return sets[0] ?? []
  const cuts = [...new Set(sets.flatMap((set) => set.flatMap(({ first, last }) => [first, last + 1n])))].sort((a, b) =>
    a < b ? -1 : a > b ? 1 : 0,
  )
  const all = sets.reduce(union, [])
  return cuts.flatMap((first, i) => {
    const next = cuts[i + 1]
    return next === undefined ? [] : intersect(all, [{ first, last: next - 1n }])
  })
}
