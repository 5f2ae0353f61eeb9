/**
 * Gateways that see where a node's direct interface calls from: a peer without AllowedIPs at both ends, nothing goes through it. Its own
 * two, and in a mesh the first two that are in another site, up to four: a gateway in the same LAN sees an address of the LAN only.
 */
import type { Gateway } from './gateways.ts'
import type { JoinedNode } from './plan.ts'
import type { Slots } from './slots.ts'

const MOST = 4

export function reflectorsOf(
  node: JoinedNode,
  slots: Slots | null,
  gateways: readonly Gateway[],
  topology: 'sites' | 'mesh',
): readonly Gateway[] {
  const own = gateways.filter(({ node: { id } }) => id === slots?.a || id === slots?.b)
  if (topology === 'sites') return own
  const outside = gateways.filter((each) => !own.includes(each) && !isNear(each.node, node)).slice(0, 2)
  return [...own, ...outside].slice(0, MOST)
}

const isNear = (a: JoinedNode, b: JoinedNode): boolean =>
  a.siteId !== null && a.siteId !== undefined && a.siteId === b.siteId
