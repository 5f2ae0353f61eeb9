/**
 * Nodes, devices and pods as a person thinks of them: each by itself, by site, by tag; devices by whose they are, pods by their cluster. Or
 * as rules see them: those who are treated alike. A group knows of which classes its members are, and that is all that is asked of it.
 */
import type { Family } from '../ip/address.ts'
import { formatInterval, meet, ofFamily } from './address-set.ts'
import type { Machine } from './machine.ts'
import type { AccessPlan } from './plan-access.ts'
import { type Endpoint, type ReachClass, reachClasses, type Standing } from './reach-classes.ts'

export const REACH_GROUPINGS = ['alike', 'node', 'site', 'tag'] as const
export type ReachGrouping = (typeof REACH_GROUPINGS)[number]

export type ReachGroup = {
  /** `home-1`, `tag:db`, `devices of ann@example.com`; of those who are alike their first. */
  readonly label: string
  /** Those of it by name, sorted. */
  readonly members: readonly string[]
  /** One or two words by which `explain` means it, or one of it. */
  readonly ask: readonly string[]
  readonly classes: readonly { readonly standing: Standing; readonly machines: ReadonlySet<string> }[]
}

export function reachGroups(plan: AccessPlan, family: Family, by: ReachGrouping): readonly ReachGroup[] {
  const classes = reachClasses([plan], family)
  if (by === 'alike') return classes.map(alike(plan, family)).sort(largestFirst)
  const known = new Map<string, { name: Name; members: Map<string, Endpoint>; classes: Map<ReachClass, Set<string>> }>()
  const clusterOf = clusters(plan)
  for (const one of classes)
    for (const endpoint of one.members)
      for (const name of namesOf(plan, family, by, endpoint, clusterOf)) {
        const group = known.get(name.key) ?? { name, members: new Map(), classes: new Map() }
        known.set(name.key, group)
        group.members.set(`${endpoint.machine} ${endpoint.label}`, endpoint)
        const machines = group.classes.get(one) ?? new Set()
        group.classes.set(one, machines.add(endpoint.machine))
      }
  return [...known.values()]
    .sort((a, b) => a.name.rank - b.name.rank || BY_NAME.compare(a.name.label, b.name.label))
    .map(({ name, members, classes }) => ({
      label: name.label,
      members: labelsOf(members.values()),
      ask: name.ask === null ? asksOf(plan, family, members.values()) : [name.ask],
      classes: [...classes].map(([one, machines]) => ({ standing: standingOf(one), machines })),
    }))
}

/** `home-9` before `home-10`. */
const BY_NAME = new Intl.Collator('en', { numeric: true })

type Name = {
  readonly key: string
  readonly label: string
  /** Null where no word means all of it. */
  readonly ask: string | null
  /** Nodes, then those whom nothing puts into a group, then devices, then pods. */
  readonly rank: number
}

function namesOf(
  plan: AccessPlan,
  family: Family,
  by: Exclude<ReachGrouping, 'alike'>,
  endpoint: Endpoint,
  clusterOf: (machine: Machine) => string | null,
): readonly Name[] {
  const machine = plan.directory.machines.get(endpoint.machine)
  if (!machine) return []
  const { kind, label } = endpoint
  const rank = kind === 'node' ? 0 : kind === 'device' ? 2 : 3
  if (by === 'node') return [{ key: `${kind} ${machine.id}`, label, ask: askOf(plan, family, endpoint), rank }]
  if (kind === 'device')
    return [{ key: `of ${machine.owner}`, label: `devices of ${machine.owner}`, ask: machine.owner, rank }]
  if (kind === 'pods') {
    const cluster = clusterOf(machine)
    const word = cluster === null ? null : `pods:${cluster}`
    return [{ key: word ?? 'pods', label: word ?? 'pods of no cluster', ask: word, rank }]
  }
  const words = machine.keys.filter((key) => key.startsWith(`${by}:`))
  if (words.length === 0) return [{ key: '', label: `nodes without a ${by}`, ask: null, rank: 1 }]
  return words.map((word) => ({ key: word, label: word, ask: word, rank }))
}

const clusters = (plan: AccessPlan) => {
  const known = new Map<Machine, string | null>()
  return (machine: Machine): string | null => {
    const before = known.get(machine)
    if (before !== undefined) return before
    const found = [...plan.directory.pods].find(([, range]) => meet(range, machine.pods))?.[0] ?? null
    known.set(machine, found)
    return found
  }
}

const alike =
  (plan: AccessPlan, family: Family) =>
  (one: ReachClass): ReachGroup => {
    const members = labelsOf(one.members)
    return {
      label: members[0] ?? '',
      members,
      ask: asksOf(plan, family, one.members),
      classes: [{ standing: standingOf(one), machines: new Set(one.members.map(({ machine }) => machine)) }],
    }
  }

const largestFirst = (a: ReachGroup, b: ReachGroup): number =>
  b.members.length - a.members.length || BY_NAME.compare(a.label, b.label)

const labelsOf = (members: Iterable<Endpoint>): string[] =>
  [...new Set([...members].map(({ label }) => label))].sort(BY_NAME.compare)

/** Of two: what a group may say to itself is asked of one of it about another. */
const asksOf = (plan: AccessPlan, family: Family, members: Iterable<Endpoint>): string[] =>
  [...members]
    .sort((a, b) => BY_NAME.compare(a.label, b.label))
    .slice(0, 2)
    .map((endpoint) => askOf(plan, family, endpoint))

function askOf(plan: AccessPlan, family: Family, { machine, kind, label }: Endpoint): string {
  const known = plan.directory.machines.get(machine)
  if (kind === 'node' || !known) return label
  if (kind === 'device') return `device:${label}`
  const [first] = ofFamily(known.pods, family)
  return first ? formatInterval(first, family) : label
}

const standingOf = ({ standings }: ReachClass): Standing => standings[0] ?? NOWHERE
const NOWHERE: Standing = { sourceKeys: [], parts: [] }
