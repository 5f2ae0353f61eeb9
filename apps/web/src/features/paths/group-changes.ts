import { CHANGE_CAUSES } from '@spanwire/mesh/paths/change-cause'
import { count } from '~/ui/units.ts'
import type { Change } from './path-shapes.ts'

/** The newest first; one that stands alone is a group too. */
export type ChangeGroup = { readonly id: string; readonly changes: readonly [Change, ...Change[]] }

/**
 * A gateway that is paused or dies moves the ways of many at once. Nodes say the second of each change, but for what a plan took away, of
 * which the next report tells, up to 35 s late.
 */
const MOMENT_MS = 60_000
/** Two are read as fast as one line about them. */
const FEW = 3

/** What changed for one cause in one moment, together. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const groups: [Change, ...Change[]][] = []
  const open = new Map<Change['cause'], [Change, ...Change[]]>()
  for (const change of changes) {
    const group = open.get(change.cause)
    if (group && Date.parse(group[0].at) - Date.parse(change.at) <= MOMENT_MS) {
      group.push(change)
      continue
    }
    const begun: [Change, ...Change[]] = [change]
    open.set(change.cause, begun)
    groups.push(begun)
  }
  return groups
    .flatMap((group) => (group.length < FEW ? group.map((one): [Change, ...Change[]] => [one]) : [group]))
    .map((group) => ({ id: group[0].id, changes: group }))
    .sort((a, b) => Date.parse(b.changes[0].at) - Date.parse(a.changes[0].at))
}

/** `12 ways changed because the way before was dead: 8 through gw-2, 4 no way`: what is lost last, where the eye rests. */
export function groupText({ changes }: ChangeGroup): string {
  const ways = new Map<string, number>()
  for (const { to } of changes) ways.set(to, (ways.get(to) ?? 0) + 1)
  const kinds = [...ways].sort(([a, x], [b, y]) => Number(a === NO_WAY) - Number(b === NO_WAY) || y - x)
  const to =
    kinds.length === 1
      ? `all ${ofSeveral(kinds[0]?.[0] ?? '')}`
      : kinds.map(([way, n]) => `${n} ${ofSeveral(way)}`).join(', ')
  return `${count(changes.length, 'way')} changed ${CAUSES[changes[0].cause]}: ${to}`
}

const ofSeveral = (way: string): string => (way === 'by its own tunnel' ? 'by tunnels of their own' : way)

export const NO_WAY = 'no way'

/** Of several. */
const CAUSES = { ...CHANGE_CAUSES, boot: 'when scripts began' } as const

const NAMED = 3

/** `home-1, home-2 and 6 more`: whose ways they are. */
export function groupWhose({ changes }: ChangeGroup): string {
  const names = [...new Set(changes.map(({ nodeName }) => nodeName))]
  if (names.length <= NAMED + 1) return names.join(', ')
  return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`
}
