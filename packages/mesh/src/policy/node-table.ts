/**
 * What one node lets in, as a structure: the last step before text, and what the tests interpret. Elements of a line never overlap, since
 * the kernel refuses overlapping elements of a set.
 */
import type { Family } from '../ip/address.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { type Interval, type Intervals, includes, intersect, toIntervals, union } from './intervals.ts'
import type { Part } from './parts.ts'
import type { AccessPlan } from './plan-access.ts'
import { inFamily, mergeServices, type Service } from './service.ts'

/** Addresses, and what is let through to them: one of each protocol, none for the other family. */
export type Target = { readonly range: Interval; readonly services: readonly Service[] }

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

function targetsOf(parts: readonly Part[], own: AddressSet, family: Family): readonly Target[] {
  const mine = parts.map((part) => mineOf(part, own, family))
  const [set, ...more] = mine
  if (set && more.length === 0) {
    const services = inFamily(parts[0]?.services ?? [], family)
    return services.length === 0 ? [] : set.map((range) => ({ range, services }))
  }
  return cutTargets(parts, mine, family)
}

function mineOf(part: Part, own: AddressSet, family: Family): Intervals {
  const inside = intersect(ofFamily(part.destinations, family), ofFamily(own, family))
  return union(inside, ofFamily(part.beyond, family))
}

/** Cuts the destinations where they begin and end, and says of each piece what is let through to it. */
function cutTargets(parts: readonly Part[], mine: readonly Intervals[], family: Family): readonly Target[] {
  const byServices = new Map<string, { services: readonly Service[]; pieces: Interval[] }>()
  for (const piece of piecesOf(mine)) {
    const inside = parts.filter((_, i) => includes(mine[i] ?? [], piece.first))
    const services = inFamily(mergeServices(inside.flatMap((part) => part.services)), family)
    const text = JSON.stringify(services)
    const group = byServices.get(text)
    if (group) group.pieces.push(piece)
    else if (services.length > 0) byServices.set(text, { services, pieces: [piece] })
  }
  return [...byServices.values()].flatMap(({ services, pieces }) =>
    toIntervals(pieces).map((range) => ({ range, services })),
  )
}

function piecesOf(sets: readonly Intervals[]): Intervals {
  const starts = [...new Set(sets.flatMap((set) => set.flatMap(({ first, last }) => [first, last + 1n])))]
  starts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const all = sets.reduce(union, [])
  return starts.flatMap((first, i) => {
    const next = starts[i + 1]
    return next === undefined ? [] : intersect(all, [{ first, last: next - 1n }])
  })
}
