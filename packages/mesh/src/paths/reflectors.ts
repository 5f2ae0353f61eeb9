/**
 * Gateways that see where a node's direct interface calls from: a peer without AllowedIPs at both ends, nothing goes through it. Its own
 * two, and in a mesh the first two that are in another site, up to four: a gateway in the same LAN sees an address of the LAN only.
 */
import type { Topology } from './direct-pairs.ts'
import type { Gateway } from './gateways.ts'
import type { JoinedNode } from './plan.ts'
import type { Slots } from './slots.ts'

export function reflectorsOf(
  node: JoinedNode | undefined,
  slots: Slots | null,
  gateways: ReadonlyMap<string, Gateway>,
  topology: Topology,
): readonly Gateway[] {
  if (!node || topology === 'hub' || node.role === 'gateway') return []
  const own = [slots?.a, slots?.b].flatMap((id) => (id && gateways.get(id)) || [])
  return topology === 'sites' ? own : [...own, ...outsideOf(node, slots, gateways)]
}

/** Beside those of its slots. */
export function outsideOf(
  node: JoinedNode,
  slots: Slots | null,
  gateways: ReadonlyMap<string, Gateway>,
): readonly Gateway[] {
  const outside: Gateway[] = []
  for (const [id, each] of gateways) {
    if (outside.length === MOST_OUTSIDE) break
    if (id !== slots?.a && id !== slots?.b && !isNear(each.node, node)) outside.push(each)
  }
  return outside
}

const MOST_OUTSIDE = 2

const isNear = (a: JoinedNode, b: JoinedNode): boolean =>
  a.siteId !== null && a.siteId !== undefined && a.siteId === b.siteId
