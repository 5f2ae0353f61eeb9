/**
 * Which rows are others than in the plan before: what was worked out from a row holds for as long as it is the same object. So planning
 * again after one change looks at each row once, and works on one.
 */
import type { JoinedNode } from './network-input.ts'

export type RowChanges = {
  /** For each row its place in the list before; -1 for one that is new or another object. */
  readonly kept: Int32Array
  readonly added: readonly JoinedNode[]
  readonly removed: readonly JoinedNode[]
}

/** Both in the order of their places. */
export function rowChanges(before: readonly JoinedNode[], now: readonly JoinedNode[]): RowChanges {
  const kept = new Int32Array(now.length).fill(-1)
  const added: JoinedNode[] = []
  const removed: JoinedNode[] = []
  let place = 0
  for (const [i, node] of now.entries()) {
    for (let old = before[place]; old && old !== node && old.ordinal <= node.ordinal; old = before[++place])
      removed.push(old)
    if (before[place] === node) kept[i] = place++
    else added.push(node)
  }
  removed.push(...before.slice(place))
  return { kept, added, removed }
}
