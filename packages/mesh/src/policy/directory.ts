/**
 * Which addresses each word means at this moment. Made from the one before, it touches only the words of machines that came, went or
 * changed: sets of all others stay the same objects, and everything made of them can be kept.
 */
import { probePrefix } from '../ip/address-plan.ts'
import { parsePrefix } from '../ip/prefix.ts'
import { type AddressSet, addressSet, NOBODY, rangeOfPrefix, unite, uniteAll } from './address-set.ts'
import type { Intervals } from './intervals.ts'
import { type Machine, machinesOf, rangesOf } from './machine.ts'
import type { Policy } from './policy.ts'
import { type Selector, selectorKey } from './selector.ts'
import type { World } from './world.ts'

export type Directory = {
  readonly machines: ReadonlyMap<string, Machine>
  readonly byKey: ReadonlyMap<string, readonly Machine[]>
  readonly sets: ReadonlyMap<string, AddressSet>
  /** Overlay and pods: what `*` means, and what can come in through a tunnel. */
  readonly network: AddressSet
  readonly networkKey: string
  readonly overlay: AddressSet & { readonly probes6: Intervals }
  readonly pods: ReadonlyMap<string, AddressSet>
  readonly policy: Policy
}

export function directoryOf(policy: Policy, world: World, before: Directory | null): Directory {
  const machines = machinesOf(world, before?.machines ?? new Map())
  const byKey = new Map(before?.byKey)
  // Lists of this call, which may grow in place.
  const lists = new Map<string, Machine[]>()
  const sets = new Map(before?.sets)
  const stale = new Set<string>()
  for (const [id, machine] of before?.machines ?? []) {
    if (machines.get(id) === machine) continue
    for (const key of machine.keys) {
      byKey.set(
        key,
        (byKey.get(key) ?? []).filter((other) => other !== machine),
      )
      stale.add(key)
    }
  }
  for (const [id, machine] of machines) {
    if (before?.machines.get(id) === machine) continue
    for (const key of machine.keys) {
      const list = lists.get(key) ?? [...(byKey.get(key) ?? [])]
      list.push(machine)
      lists.set(key, list)
      byKey.set(key, list)
      // One that joins is put in; with the first network all at once.
      const set = sets.get(key)
      if (set && !stale.has(key)) sets.set(key, unite(set, machine.addresses))
      else stale.add(key)
    }
  }
  for (const key of stale) sets.set(key, uniteAll((byKey.get(key) ?? []).map(({ addresses }) => addresses)))
  const networkKey = JSON.stringify([
    world.cidr4,
    world.cidr6,
    world.clusters.map(({ name, podRanges }) => [name, podRanges]),
  ])
  if (before?.networkKey === networkKey) return { ...before, machines, byKey, sets, policy }
  const pods = new Map(world.clusters.map(({ name, podRanges }) => [name, rangesOf(podRanges)]))
  const network = uniteAll([rangesOf([world.cidr4, world.cidr6]), ...pods.values()])
  return { machines, byKey, sets, network, networkKey, overlay: overlayOf(world), pods, policy }
}

function overlayOf(world: World): Directory['overlay'] {
  const ula = parsePrefix(world.cidr6)
  const probes = ula.ok ? [rangeOfPrefix(probePrefix(ula.value))] : []
  return { ...rangesOf([world.cidr4, world.cidr6]), probes6: addressSet(probes).v6 }
}

/** Nobody for a name that is not there: a rule outlives the machines that it names. */
export function addressesOf(directory: Directory, selector: Selector): AddressSet {
  switch (selector.kind) {
    case 'any':
      return directory.network
    case 'nobody':
      return NOBODY
    case 'addresses':
      return constantOf(selector)
    case 'host': {
      const target = directory.policy.hosts.get(selector.name)
      return target?.kind === 'addresses' ? constantOf(target) : NOBODY
    }
    case 'pods':
      return directory.pods.get(selector.name) ?? NOBODY
    case 'group':
      return uniteAll(
        (directory.policy.groups.get(selector.name)?.members ?? []).map((one) => addressesOf(directory, one)),
      )
    case 'autogroup':
      if (selector.name === 'danger-all') return directory.network
      return directory.sets.get(selectorKey(selector)) ?? NOBODY
    default:
      return directory.sets.get(selectorKey(selector)) ?? NOBODY
  }
}

/** One object for each selector, so that sets made of it can be compared by identity. */
function constantOf(selector: Selector & { readonly kind: 'addresses' }): AddressSet {
  const known = constants.get(selector)
  if (known) return known
  const set = addressSet([selector])
  constants.set(selector, set)
  return set
}

const constants = new WeakMap<Selector, AddressSet>()
