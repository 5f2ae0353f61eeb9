/**
 * Gateways that see where a node's direct interface calls from: a peer without AllowedIPs at both ends, nothing goes through it. Its own
 * two, and in a mesh the first two that are in another site, up to four: a gateway in the same LAN sees an address of the LAN only.
 */
import type { Gateway } from './gateways.ts'
import type { JoinedNode } from './plan.ts'
import type { Slots } from './slots.ts'

export function reflectorsOf(
  node: JoinedNode,
  slots: Slots | null,
  gateways: ReadonlyMap<string, Gateway>,
  topology: 'sites' | 'mesh',
): readonly Gateway[] {
  const own = [slots?.a, slots?.b].flatMap((id) => (id && gateways.get(id)) || [])
  if (topology === 'sites') return own
  const outside: Gateway[] = []
  for (const each of gateways.values()) {
    if (outside.length === MOST_OUTSIDE) break
    if (!own.includes(each) && !isNear(each.node, node)) outside.push(each)
  }
  return [...own, ...outside]
}

const MOST_OUTSIDE = 2

const isNear = (a: JoinedNode, b: JoinedNode): boolean =>
  a.siteId !== null && a.siteId !== undefined && a.siteId === b.siteId
