/**
 * Nodes, devices and pods that are alike for one or more plans: named by the same rules as sources and as destinations. A thousand machines
 * are a few dozen of them, and whatever is asked of all pairs is asked of pairs of classes.
 */
import type { Family } from '../ip/address.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { firstEndingAtOrAfter, type Interval, type Intervals, intersect } from './intervals.ts'
import type { AccessPlan } from './plan-access.ts'
import { USUAL_PROTOCOLS } from './protocol-names.ts'
import { SCTP, type Service } from './service.ts'

export type Endpoint = { readonly machine: string; readonly label: string; readonly kind: 'node' | 'device' | 'pods' }

/** By plan: what a class is to it. */
export type Standing = { readonly sourceKeys: readonly string[]; readonly parts: readonly number[] }

export type ReachClass = { readonly members: readonly Endpoint[]; readonly standings: readonly Standing[] }

type Atom = Interval & { readonly endpoint: Endpoint }

/** The machines are those of the last plan. */
export function reachClasses(plans: readonly AccessPlan[], family: Family): readonly ReachClass[] {
  const atoms = atomsOf(plans, family)
  const standings = plans.map((plan) => standingsOf(plan, atoms, family))
  const classes = new Map<string, { members: Map<string, Endpoint>; standings: Standing[] }>()
  atoms.forEach(({ endpoint }, i) => {
    const mine = standings.map((of) => of[i] as Standing)
    const key = JSON.stringify(mine)
    const known = classes.get(key) ?? { members: new Map<string, Endpoint>(), standings: mine }
    known.members.set(`${endpoint.machine} ${endpoint.label}`, endpoint)
    classes.set(key, known)
  })
  return [...classes.values()].map(({ members, standings }) => ({ members: [...members.values()], standings }))
}

/** By which parts of a plan the first may speak to the second, as their places: equal ones say the same. */
export function partsBetween(plan: AccessPlan, from: Standing, to: Standing): readonly number[] {
  if (plan.policy.isOpen) return NO_PARTS
  const keys = keysOf(from)
  return to.parts.filter((place) => {
    const part = plan.parts[place]
    return part !== undefined && keys.has(part.sourceKey)
  })
}

const NO_PARTS: readonly number[] = []

export function servicesOf(plan: AccessPlan, places: readonly number[]): readonly Service[] {
  return plan.policy.isOpen ? EVERYTHING : places.flatMap((place) => plan.parts[place]?.services ?? [])
}

function keysOf(standing: Standing): ReadonlySet<string> {
  const known = keySets.get(standing)
  if (known) return known
  const keys = new Set(standing.sourceKeys)
  keySets.set(standing, keys)
  return keys
}

const keySets = new WeakMap<Standing, ReadonlySet<string>>()

export const EVERYTHING: readonly Service[] = [...USUAL_PROTOCOLS, SCTP].map((protocol) => ({ protocol, ports: null }))

/** Sorted and apart: a pod range is cut where a rule begins or ends inside of it. */
function atomsOf(plans: readonly AccessPlan[], family: Family): readonly Atom[] {
  const directory = plans.at(-1)?.directory
  const atoms = [...(directory?.machines.values() ?? [])].flatMap(({ id, name, kind, owner, addresses, pods }) => [
    ...ofFamily(addresses, family).map((range) => ({
      ...range,
      endpoint: { machine: id, label: kind === 'device' ? `${name} of ${owner}` : name, kind },
    })),
    ...ofFamily(pods, family).flatMap((range) =>
      cut(plans, range, family).map((piece) => ({
        ...piece,
        endpoint: { machine: id, label: `pods of ${name}`, kind: 'pods' as const },
      })),
    ),
  ])
  return atoms.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
}

function cut(plans: readonly AccessPlan[], range: Interval, family: Family): Intervals {
  const starts = new Set([range.first])
  for (const plan of plans)
    for (const { sources, destinations } of plan.parts)
      for (const set of [sources, destinations])
        for (const { first, last } of intersect(ofFamily(set, family), [range])) {
          starts.add(first)
          if (last < range.last) starts.add(last + 1n)
        }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted.map((first, i) => ({ first, last: (sorted[i + 1] ?? range.last + 1n) - 1n }))
}

function standingsOf(plan: AccessPlan, atoms: readonly Atom[], family: Family): readonly Standing[] {
  const standings = atoms.map(() => ({ sourceKeys: [] as string[], parts: [] as number[] }))
  const seen = new Set<string>()
  plan.parts.forEach((part, place) => {
    walk(atoms, part.destinations, family, (i) => standings[i]?.parts.push(place))
    if (seen.has(part.sourceKey)) return
    seen.add(part.sourceKey)
    walk(atoms, part.sources, family, (i) => standings[i]?.sourceKeys.push(part.sourceKey))
  })
  return standings
}

function walk(atoms: readonly Atom[], set: AddressSet, family: Family, found: (place: number) => void): void {
  for (const { first, last } of ofFamily(set, family))
    for (let i = firstEndingAtOrAfter(atoms, first); i < atoms.length && (atoms[i] as Atom).first <= last; i++) found(i)
}
