/**
 * Pod ranges are what machines say, so each is looked at: inside of the cluster's, narrower than it, and nobody else's. One address at
 * two peers would stop the configuration of the whole network; who joined first keeps it.
 */
import { insertDisjoint } from '../ip/insert-disjoint.ts'
import { comparePrefixes, contains, type Prefix } from '../ip/prefix.ts'
import type { JoinedNode } from './network-input.ts'
import { readRanges } from './read-ranges.ts'
import type { RowChanges } from './row-changes.ts'
import { samePrefixes } from './seat.ts'

export type PodRanges = {
  readonly cluster: readonly Prefix[]
  /** By node. No two of them meet. */
  readonly byNode: ReadonlyMap<string, readonly Prefix[]>
  /** All of them, in order. */
  readonly taken: Readonly<Record<4 | 6, readonly Prefix[]>>
  /** Nobody was refused anything: then who came first does not matter, and a change concerns nobody else. */
  readonly isWhole: boolean
}

export function podRangesOf(
  working: readonly JoinedNode[],
  cluster: readonly Prefix[],
  changes: RowChanges,
  before: PodRanges | null,
): PodRanges {
  const known = before?.isWhole && samePrefixes(before.cluster, cluster) ? before : null
  if (known && changes.added.length + changes.removed.length === 0) return known
  return (known && changed(known, changes)) ?? fromScratch(working, cluster)
}

function fromScratch(working: readonly JoinedNode[], cluster: readonly Prefix[]): PodRanges {
  const byNode = new Map<string, readonly Prefix[]>()
  // A list for each family: they mostly come in order, and then go to the end.
  const taken: Record<4 | 6, Prefix[]> = { 4: [], 6: [] }
  let isWhole = true
  for (const node of cluster.length > 0 ? working : []) {
    const read = readRanges(node.podRanges ?? [])
    const refused = read.filter((range) => !isInside(cluster, range) || !insertDisjoint(taken[range.family], range))
    if (refused.length > 0) isWhole = false
    // Mostly the list as it was read: the same object from plan to plan.
    const own = refused.length === 0 ? read : read.filter((range) => !refused.includes(range))
    if (own.length > 0) byNode.set(node.id, own)
  }
  return { cluster, byNode, taken, isWhole }
}

/** Null when somebody has to be refused something. */
function changed({ cluster, byNode: known, taken: all }: PodRanges, { added, removed }: RowChanges): PodRanges | null {
  const byNode = new Map(known)
  const taken: Record<4 | 6, Prefix[]> = { 4: [...all[4]], 6: [...all[6]] }
  for (const { id } of removed) {
    for (const range of known.get(id) ?? []) {
      const list = taken[range.family]
      list.splice(placeOf(list, range), 1)
    }
    byNode.delete(id)
  }
  for (const { id, podRanges = [] } of cluster.length > 0 ? added : []) {
    const own = readRanges(podRanges)
    for (const range of own) if (!isInside(cluster, range) || !insertDisjoint(taken[range.family], range)) return null
    if (own.length > 0) byNode.set(id, own)
  }
  return { cluster, byNode, taken, isWhole: true }
}

const isInside = (cluster: readonly Prefix[], range: Prefix): boolean =>
  cluster.some((each) => each.length < range.length && contains(each, range))

function placeOf(sorted: readonly Prefix[], range: Prefix): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const other = sorted[middle]
    if (other && comparePrefixes(other, range) < 0) low = middle + 1
    else high = middle
  }
  return low
}
