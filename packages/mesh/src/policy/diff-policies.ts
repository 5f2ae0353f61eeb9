/** Who gains and who loses what between two plans of one network: by pair and port, summed up so that a person can read it. */
import type { Family } from '../ip/address.ts'
import { formatServices } from './format-services.ts'
import type { AccessPlan } from './plan-access.ts'
import { type Endpoint, partsBetween, type ReachClass, reachClasses, servicesOf } from './reach-classes.ts'
import type { Service } from './service.ts'
import { subtractServices } from './subtract-services.ts'

/** The first of them by name, and how many there are beyond. */
export type Named = { readonly names: readonly string[]; readonly more: number }

export type ReachChange = {
  readonly from: Named
  readonly to: Named
  /** As on screen: `tcp 80, 443; ping`. */
  readonly services: string
  readonly families: '4' | '6' | 'both'
  readonly pairs: number
}

export type PolicyDiff = {
  readonly gained: readonly ReachChange[]
  readonly lost: readonly ReachChange[]
  /** Lines beyond the first `MOST` of each. */
  readonly more: { readonly gained: number; readonly lost: number }
}

const MOST = 200
const MOST_NAMES = 50

export function diffPolicies(before: AccessPlan, after: AccessPlan): PolicyDiff {
  const found = { gained: [] as Line[], lost: [] as Line[] }
  const changeBetween = changes(before, after)
  for (const family of [4, 6] as const) {
    const classes = reachClasses([before, after], family)
    const rows = { gained: new Map<string, Row>(), lost: new Map<string, Row>() }
    classes.forEach((to, place) => {
      classes.forEach((from, source) => {
        const change = changeBetween(from, to)
        if (change === null) return
        const pairs = pairsOf(from, to)
        if (pairs === 0) return
        note(rows.gained, place, source, to, pairs, change.gained)
        note(rows.lost, place, source, to, pairs, change.lost)
      })
    })
    for (const name of ['gained', 'lost'] as const) found[name].push(...changesOf(rows[name], classes, family))
  }
  const [gained, lost] = [bothFamilies(found.gained), bothFamilies(found.lost)]
  return {
    gained: gained.slice(0, MOST).map(shown),
    lost: lost.slice(0, MOST).map(shown),
    more: { gained: Math.max(0, gained.length - MOST), lost: Math.max(0, lost.length - MOST) },
  }
}

type Line = Omit<ReachChange, 'from' | 'to'> & { readonly from: readonly string[]; readonly to: readonly string[] }

const shown = (line: Line): ReachChange => ({ ...line, from: named(line.from), to: named(line.to) })

const named = (names: readonly string[]): Named => ({
  names: names.slice(0, MOST_NAMES),
  more: Math.max(0, names.length - MOST_NAMES),
})

type Change = { readonly gained: string; readonly lost: string }

/** What one class gains and loses towards another. Few answers differ among a hundred thousand pairs: each is worked out once. */
function changes(before: AccessPlan, after: AccessPlan): (from: ReachClass, to: ReachClass) => Change | null {
  const known = new Map<string, Change | null>()
  return (from, to) => {
    const [source, source2] = from.standings
    const [target, target2] = to.standings
    if (!source || !source2 || !target || !target2) return null
    const [had, has] = [partsBetween(before, source, target), partsBetween(after, source2, target2)]
    const key = `${had.join(' ')}|${has.join(' ')}`
    const answer = known.get(key)
    if (answer !== undefined) return answer
    const made = change(servicesOf(before, had), servicesOf(after, has))
    known.set(key, made)
    return made
  }
}

function change(had: readonly Service[], has: readonly Service[]): Change | null {
  const [gained, lost] = [subtractServices(has, had), subtractServices(had, has)]
  return gained.length + lost.length === 0 ? null : { gained: textOf(gained), lost: textOf(lost) }
}

const textOf = (services: readonly Service[]): string => (services.length === 0 ? '' : formatServices(services))

/** Without what stays on one machine. */
function pairsOf(from: ReachClass, to: ReachClass): number {
  const machines = countBy(to.members)
  const same = from.members.reduce((sum, { machine }) => sum + (machines.get(machine) ?? 0), 0)
  return from.members.length * to.members.length - same
}

function countBy(members: readonly Endpoint[]): ReadonlyMap<string, number> {
  const known = counts.get(members)
  if (known) return known
  const count = new Map<string, number>()
  for (const { machine } of members) count.set(machine, (count.get(machine) ?? 0) + 1)
  counts.set(members, count)
  return count
}

const counts = new WeakMap<readonly Endpoint[], ReadonlyMap<string, number>>()

/** One destination class and what is let through to it; the sources are gathered, as places among the classes. */
type Row = { readonly from: number[]; readonly to: readonly Endpoint[]; readonly services: string; pairs: number }

function note(
  rows: Map<string, Row>,
  place: number,
  source: number,
  to: ReachClass,
  pairs: number,
  services: string,
): void {
  if (services === '') return
  const row = rows.get(`${place} ${services}`) ?? { from: [], to: to.members, services, pairs: 0 }
  row.from.push(source)
  row.pairs += pairs
  rows.set(`${place} ${services}`, row)
}

/** Destinations with the same sources and services are one line. */
function changesOf(rows: ReadonlyMap<string, Row>, classes: readonly ReachClass[], family: Family): Line[] {
  const merged = new Map<string, { from: readonly string[]; to: Set<string>; services: string; pairs: number }>()
  const crowds = crowdsOf(classes)
  for (const { from, to, services, pairs } of rows.values()) {
    const { names, key } = crowds(from)
    const line = merged.get(`${key} ${services}`) ?? { from: names, to: new Set<string>(), services, pairs: 0 }
    for (const { label } of to) line.to.add(label)
    line.pairs += pairs
    merged.set(`${key} ${services}`, line)
  }
  return [...merged.values()].map(({ from, to, services, pairs }) => ({
    from,
    to: [...to].sort(),
    services,
    families: family === 4 ? '4' : '6',
    pairs,
  }))
}

type Crowd = { readonly names: readonly string[]; readonly key: number }

/** The names of some classes together; equal keys are equal names. */
function crowdsOf(classes: readonly ReachClass[]): (places: readonly number[]) => Crowd {
  const byPlaces = new Map<string, Crowd>()
  const byNames = new Map<string, Crowd>()
  return (places) => {
    const known = byPlaces.get(places.join(' '))
    if (known) return known
    const labels = places.flatMap((place) => classes[place]?.members.map(({ label }) => label) ?? [])
    const names = [...new Set(labels)].sort()
    const crowd = byNames.get(names.join(' ')) ?? { names, key: byNames.size }
    byNames.set(names.join(' '), crowd)
    byPlaces.set(places.join(' '), crowd)
    return crowd
  }
}

/** Most lines are the same in both families. The largest first, then by name. */
function bothFamilies(changes: readonly Line[]): readonly Line[] {
  const lines = new Map<string, Line>()
  for (const change of changes) {
    const key = JSON.stringify([change.from, change.to, change.services])
    lines.set(key, lines.has(key) ? { ...change, families: 'both' } : change)
  }
  const name = ({ from, to, services }: Line) => `${from[0]} ${to[0]} ${services}`
  return [...lines.values()].sort((a, b) => b.pairs - a.pairs || (name(a) < name(b) ? -1 : 1))
}
