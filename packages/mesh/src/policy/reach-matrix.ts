import { formatServices } from './format-services.ts'
import type { AccessPlan } from './plan-access.ts'
import { type ReachClass, reachClasses, type Standing, servicesBetween } from './reach-classes.ts'

export type ReachMatrix = {
  /** Who is treated alike, the largest first; rows and columns. */
  readonly groups: readonly { readonly members: readonly string[] }[]
  /** `cells[from][to]`: `everything`, `tcp 443; ping` or `nothing`. */
  readonly cells: readonly (readonly string[])[]
  /** Groups beyond the first `MOST`. */
  readonly more: number
}

const MOST = 60

/** Who reaches what, by groups of those who are treated alike, in one family. */
export function reachMatrix(plan: AccessPlan, family: 4 | 6): ReachMatrix {
  const classes = [...reachClasses([plan], family)].sort(
    (a, b) =>
      b.members.length - a.members.length || ((a.members[0]?.label ?? '') < (b.members[0]?.label ?? '') ? -1 : 1),
  )
  const shown = classes.slice(0, MOST)
  return {
    groups: shown.map(({ members }) => ({ members: members.map(({ label }) => label).sort() })),
    cells: shown.map((from) => shown.map((to) => formatServices(servicesBetween(plan, standing(from), standing(to))))),
    more: classes.length - shown.length,
  }
}

const standing = ({ standings }: ReachClass): Standing => standings[0] ?? { sourceKeys: [], parts: [] }
