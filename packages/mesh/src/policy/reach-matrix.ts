import { formatServices } from './format-services.ts'
import type { AccessPlan } from './plan-access.ts'
import { EVERYTHING, type Standing } from './reach-classes.ts'
import type { ReachGroup } from './reach-groups.ts'

/** What goes before the services where only some of a group reach, or only some of the other are reached. */
export const PARTLY = 'some: '
/** Rows and columns that are made and shown at a time. */
export const REACH_BLOCK = 48
/** Of one machine about itself: what stays on a machine is not judged. */
export const ITSELF = 'itself'

/** Who reaches what, from each row to each column: `everything`, `tcp 443; ping`, `some: tcp 22`, `nothing` or `itself`. */
export function reachMatrix(
  plan: AccessPlan,
  from: readonly ReachGroup[],
  to: readonly ReachGroup[],
): readonly (readonly string[])[] {
  const texts = new Map<string, string>()
  const textOf = (places: readonly number[]): string => {
    const key = places.join(' ')
    const known = texts.get(key) ?? formatServices(places.flatMap((place) => plan.parts[place]?.services ?? []))
    texts.set(key, known)
    return known
  }
  return from.map((row) => to.map((column) => cell(plan, row, column, textOf)))
}

function cell(plan: AccessPlan, from: ReachGroup, to: ReachGroup, textOf: (places: readonly number[]) => string) {
  if (!somePair(from.classes, to.classes)) return ITSELF
  if (plan.policy.isOpen) return formatServices(EVERYTHING)
  const [sendersBy, receiversBy] = [sendersOf(from), receiversOf(to)]
  const speaking = [...receiversBy.keys()].filter((place) => {
    const part = plan.parts[place]
    const [sources, targets] = [part && sendersBy.get(part.sourceKey), receiversBy.get(place)]
    return sources && targets && somePair(sources, targets)
  })
  speaking.sort((a, b) => a - b)
  const all = textOf(speaking)
  const speaksToAll = (place: number): boolean =>
    sendersBy.get(plan.parts[place]?.sourceKey ?? '')?.length === from.classes.length &&
    receiversBy.get(place)?.length === to.classes.length
  if (speaking.every(speaksToAll)) return all
  return isSameForAll(plan, from, to, speaking, textOf) ? all : `${PARTLY}${all}`
}

/** Several rules may say together what none of them says of everybody. Ends at the first pair that differs. */
function isSameForAll(
  plan: AccessPlan,
  from: ReachGroup,
  to: ReachGroup,
  speaking: readonly number[],
  textOf: (places: readonly number[]) => string,
): boolean {
  let first: string | null = null
  for (const target of to.classes) {
    const places = new Set(target.standing.parts)
    const heard = speaking.filter((place) => places.has(place))
    for (const source of from.classes) {
      if (!somePair([source], [target])) continue
      const keys = new Set(source.standing.sourceKeys)
      const text = textOf(heard.filter((place) => keys.has(plan.parts[place]?.sourceKey ?? '')))
      first ??= text
      if (text !== first) return false
    }
  }
  return true
}

type Classes = ReachGroup['classes']

/** Whether there are two different machines, one on either side. */
function somePair(from: Classes, to: Classes): boolean {
  const [source, target] = [from[0], to[0]]
  if (!source || !target) return false
  const machines = new Set<string>()
  for (const side of [from, to])
    for (const one of side)
      for (const machine of one.machines) {
        machines.add(machine)
        if (machines.size > 1) return true
      }
  return false
}

/** By the sources of a part those classes that are among them. */
const sendersOf = (group: ReachGroup) => kept(senders, group, (standing) => standing.sourceKeys)
const receiversOf = (group: ReachGroup) => kept(receivers, group, (standing) => standing.parts)

const senders = new WeakMap<ReachGroup, ReadonlyMap<string, Classes>>()
const receivers = new WeakMap<ReachGroup, ReadonlyMap<number, Classes>>()

function kept<K>(
  store: WeakMap<ReachGroup, ReadonlyMap<K, Classes>>,
  group: ReachGroup,
  keysOf: (standing: Standing) => readonly K[],
): ReadonlyMap<K, Classes> {
  const known = store.get(group)
  if (known) return known
  const made = new Map<K, Classes[number][]>()
  for (const one of group.classes)
    for (const key of keysOf(one.standing)) {
      const list = made.get(key)
      if (list) list.push(one)
      else made.set(key, [one])
    }
  store.set(group, made)
  return made
}
