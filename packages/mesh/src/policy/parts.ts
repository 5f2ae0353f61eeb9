import { type AddressSet, common, isNobody, NOBODY, unite, uniteAll } from './address-set.ts'
import { addressesOf, type Directory } from './directory.ts'
import { subtract } from './intervals.ts'
import type { Destination, Policy, Rule } from './policy.ts'
import { type Selector, selectorKey } from './selector.ts'
import type { Service } from './service.ts'

/** A rule, or the piece of it that concerns destinations with the same services. */
export type Part = {
  readonly rule: number
  /** Equal from plan to plan for the same piece of a policy. */
  readonly key: string
  /** Equal for parts whose sources are the same, however they were written. */
  readonly sourceKey: string
  readonly sources: AddressSet
  readonly destinations: AddressSet
  /** Those of the destinations that lie outside of the network, such as a LAN behind a node: every node judges what goes there. */
  readonly beyond: AddressSet
  readonly services: readonly Service[]
}

/** What was united out of what, by the keys of the selectors: kept while the inputs are the same objects. */
export type Unions = ReadonlyMap<string, { readonly inputs: readonly AddressSet[]; readonly set: AddressSet }>

export function partsOf(
  policy: Policy,
  directory: Directory,
  last: Unions,
): { parts: readonly Part[]; unions: Unions } {
  const unions = new Map<string, { inputs: readonly AddressSet[]; set: AddressSet }>()
  const united = ({ key, selectors }: Crowd): AddressSet => {
    const known = unions.get(key)
    if (known) return known.set
    const inputs = selectors.flatMap((selector) => inputsOf(policy, directory, selector))
    const before = last.get(key)
    const isSame = before?.inputs.length === inputs.length && before.inputs.every((input, i) => input === inputs[i])
    const union = isSame ? before : { inputs, set: uniteAll(inputs) }
    unions.set(key, union)
    return union.set
  }
  const parts = policy.rules.flatMap((rule) => {
    const { sources, groups } = preparedOf(rule)
    const from = united(sources)
    const plain = groups.map(
      ({ key, crowd, written, services }): Part => ({
        rule: rule.number,
        key,
        sourceKey: sources.key,
        sources: from,
        destinations: united(crowd),
        beyond: beyondOf(directory, written),
        services,
      }),
    )
    return [...plain, ...selfParts(rule, directory, from)]
  })
  return { parts, unions }
}

/** Who is meant by some selectors together; equal keys mean the same. */
type Crowd = { readonly key: string; readonly selectors: readonly Selector[] }

type Group = {
  readonly key: string
  readonly crowd: Crowd
  /** Addresses among them; only these can lie beyond the network. */
  readonly written: readonly Selector[]
  readonly services: readonly Service[]
}

/** What of a rule is the same in every plan. */
function preparedOf(rule: Rule): { sources: Crowd; groups: readonly Group[] } {
  const known = prepared.get(rule)
  if (known) return known
  const plain = rule.destinations.filter(({ selector }) => !isSelf(selector))
  const groups = [...groupByServices(plain)].map(([services, destinations], i): Group => {
    const selectors = destinations.map(({ selector }) => selector)
    const written = selectors.filter(({ kind }) => kind === 'addresses' || kind === 'host')
    return { key: `${rule.number} ${i}`, crowd: crowdOf(selectors), written, services }
  })
  const made = { sources: crowdOf(rule.sources), groups }
  prepared.set(rule, made)
  return made
}

const prepared = new WeakMap<Rule, ReturnType<typeof preparedOf>>()

const crowdOf = (selectors: readonly Selector[]): Crowd => ({
  // Names of sites have blanks, but no line breaks.
  key: [...new Set(selectors.map(selectorKey))].sort().join('\n'),
  selectors,
})

/** `autogroup:self`: each person's machines for that person alone. */
function selfParts(rule: Rule, directory: Directory, sources: AddressSet): Part[] {
  const self = rule.destinations.filter(({ selector }) => isSelf(selector))
  if (self.length === 0) return []
  const users = [...directory.sets.keys()].filter((key) => key.startsWith('user:')).sort()
  return users.flatMap((user) => {
    const theirs = directory.sets.get(user) ?? NOBODY
    const from = common(sources, theirs)
    if (isNobody(from)) return []
    return [...groupByServices(self).keys()].map((services, i) => ({
      rule: rule.number,
      key: `${rule.number} self ${i} ${user}`,
      sourceKey: `${rule.number} self ${user}`,
      sources: from,
      destinations: theirs,
      beyond: NOBODY,
      services,
    }))
  })
}

function groupByServices(destinations: readonly Destination[]): Map<readonly Service[], readonly Destination[]> {
  const groups = new Map<string, { services: readonly Service[]; destinations: Destination[] }>()
  for (const destination of destinations) {
    const text = JSON.stringify(destination.services)
    const group = groups.get(text)
    if (group) group.destinations.push(destination)
    else groups.set(text, { services: destination.services, destinations: [destination] })
  }
  return new Map([...groups.values()].map((group) => [group.services, group.destinations]))
}

function beyondOf(directory: Directory, written: readonly Selector[]): AddressSet {
  const all = written.map((selector) => addressesOf(directory, selector)).reduce(unite, NOBODY)
  if (isNobody(all)) return NOBODY
  return { v4: subtract(all.v4, directory.network.v4), v6: subtract(all.v6, directory.network.v6) }
}

/** Groups as their people, whose sets stay the same objects while nothing of theirs changes. */
function inputsOf(policy: Policy, directory: Directory, selector: Selector): readonly AddressSet[] {
  if (selector.kind !== 'group') return [addressesOf(directory, selector)]
  const members = policy.groups.get(selector.name)?.members ?? []
  return members.map((member) => addressesOf(directory, member))
}

const isSelf = (selector: Selector): boolean => selector.kind === 'autogroup' && selector.name === 'self'
