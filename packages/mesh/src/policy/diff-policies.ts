/** Who gains and who loses what between two plans of one network: by pair and port, summed up so that a person can read it. */
import type { Family } from '../ip/address.ts'
import { formatServices } from './format-services.ts'
import type { AccessPlan } from './plan-access.ts'
import { type Endpoint, type ReachClass, reachClasses, servicesBetween } from './reach-classes.ts'
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
  for (const family of [4, 6] as const) {
    const classes = reachClasses([before, after], family)
    const rows = { gained: new Map<string, Row>(), lost: new Map<string, Row>() }
    classes.forEach((to, place) => {
      for (const from of classes) {
        const had = reach(before, from, to, 0)
        const has = reach(after, from, to, 1)
        if (sameServices(had, has)) continue
        const pairs = pairsOf(from, to)
        if (pairs === 0) continue
        note(rows.gained, place, from, to, pairs, subtractServices(has, had))
        note(rows.lost, place, from, to, pairs, subtractServices(had, has))
      }
    })
    for (const name of ['gained', 'lost'] as const) found[name].push(...changesOf(rows[name], family))
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

const reach = (plan: AccessPlan, from: ReachClass, to: ReachClass, place: number): readonly Service[] => {
  const [source, target] = [from.standings[place], to.standings[place]]
  return source && target ? servicesBetween(plan, source, target) : []
}

const sameServices = (a: readonly Service[], b: readonly Service[]): boolean =>
  a.length === b.length && a.every((service, i) => service === b[i] || textOf(service) === textOf(b[i] as Service))

function textOf(service: Service): string {
  const known = texts.get(service)
  if (known !== undefined) return known
  const text = JSON.stringify(service)
  texts.set(service, text)
  return text
}

const texts = new WeakMap<Service, string>()

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

/** One destination class and what is let through to it; the sources are gathered. */
type Row = { readonly from: Endpoint[]; readonly to: readonly Endpoint[]; readonly services: string; pairs: number }

function note(
  rows: Map<string, Row>,
  place: number,
  from: ReachClass,
  to: ReachClass,
  pairs: number,
  services: readonly Service[],
): void {
  if (services.length === 0) return
  const text = formatServices(services)
  const row = rows.get(`${place} ${text}`) ?? { from: [], to: to.members, services: text, pairs: 0 }
  row.from.push(...from.members)
  row.pairs += pairs
  rows.set(`${place} ${text}`, row)
}

/** Destinations with the same sources and services are one line. */
function changesOf(rows: ReadonlyMap<string, Row>, family: Family): Line[] {
  const merged = new Map<string, { from: readonly string[]; to: Set<string>; services: string; pairs: number }>()
  for (const { from, to, services, pairs } of rows.values()) {
    const names = [...new Set(from.map(({ label }) => label))].sort()
    const key = `${services} ${names.join(' ')}`
    const line = merged.get(key) ?? { from: names, to: new Set<string>(), services, pairs: 0 }
    for (const { label } of to) line.to.add(label)
    line.pairs += pairs
    merged.set(key, line)
  }
  return [...merged.values()].map(({ from, to, services, pairs }) => ({
    from,
    to: [...to].sort(),
    services,
    families: family === 4 ? '4' : '6',
    pairs,
  }))
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
