import type { Address, Family } from '../ip/address.ts'
import { err, ok, type Result } from '../result.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { addressesOf } from './directory.ts'
import { intersect, overlap, toIntervals } from './intervals.ts'
import type { AccessPlan } from './plan-access.ts'
import { type Answer, reaches } from './reaches.ts'
import type { Refused } from './read-protocol.ts'
import { readSelector } from './read-selector.ts'

export type Asked = {
  readonly from: string
  readonly to: string
  readonly protocol: number
  readonly port: number | null
}

export type Explanation = {
  readonly verdict: 'allowed' | 'denied' | 'some' | 'nobody'
  /** One for each answer that differs, with the addresses that stand for it. */
  readonly cases: readonly (Answer & { readonly from: Address; readonly to: Address })[]
}

/** Addresses looked at on either side; a group of more is answered for by its first. */
const MOST = 64

/** "Can A reach B, and which rule says so", for whoever a policy can name: people, nodes, devices, pods, addresses. */
export function explain(plan: AccessPlan, { from, to, protocol, port }: Asked): Result<Explanation, Refused> {
  const [sources, targets] = [whoIs(plan, from), whoIs(plan, to)]
  if (!sources.ok) return err(sources.error)
  if (!targets.ok) return err(targets.error)
  const cases = new Map<string, Explanation['cases'][number]>()
  for (const family of [4, 6] as const)
    for (const source of samples(plan, sources.value, family))
      for (const target of samples(plan, targets.value, family)) {
        const answer = reaches(plan, { from: source, to: target, protocol, port })
        const key = `${answer.allowed} ${answer.rule?.number ?? (answer.allowed ? answer.why : '')}`
        if (!cases.has(key)) cases.set(key, { ...answer, from: source, to: target })
      }
  const all = [...cases.values()]
  const allowed = all.filter((one) => one.allowed).length
  const verdict = all.length === 0 ? 'nobody' : allowed === all.length ? 'allowed' : allowed === 0 ? 'denied' : 'some'
  return ok({ verdict, cases: all })
}

function whoIs(plan: AccessPlan, text: string): Result<AddressSet, Refused> {
  const read = readSelector(text, { from: 0, to: text.length, line: 1, column: 1 })
  if (!read.ok) return err(read.error)
  return ok(addressesOf(plan.directory, read.value.selector))
}

/** One address of each machine and of its pods; of what nobody has, the first of each range. */
function samples(plan: AccessPlan, set: AddressSet, family: Family): Address[] {
  const wanted = ofFamily(set, family)
  const known = [...plan.directory.machines.values()].flatMap(({ addresses, pods }) => [
    ...intersect(wanted, ofFamily(addresses, family)),
    ...intersect(wanted, ofFamily(pods, family)),
  ])
  const nobodys = wanted.filter((range) => !overlap([range], toIntervals(known)))
  return [...known, ...nobodys].slice(0, MOST).map(({ first }) => ({ family, value: first }))
}
