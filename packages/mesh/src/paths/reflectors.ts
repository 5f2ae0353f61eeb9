/**
 * Gateways that see where a node's direct interface calls from: a peer without AllowedIPs at both ends, nothing goes through it. Its own
 * two, and in a mesh the first two that are in another site, up to four: a gateway in the same LAN sees an address of the LAN only.
 */
import type { DirectEnd } from './direct-end.ts'
import type { Topology } from './direct-pairs.ts'
import type { Gateway } from './gateways.ts'
import type { JoinedNode } from './network-input.ts'
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

/** By gateway the direct interfaces that it sees. */
export function reflectedBy(
  ends: Iterable<DirectEnd>,
  nodes: ReadonlyMap<string, JoinedNode>,
  gateways: ReadonlyMap<string, Gateway>,
  topology: Topology,
): Map<string, readonly DirectEnd[]> {
  const reflected = new Map<string, DirectEnd[]>()
  const add = (gatewayId: string, end: DirectEnd) => {
    const there = reflected.get(gatewayId)
    if (there) there.push(end)
    else reflected.set(gatewayId, [end])
  }
  for (const end of ends) {
    const { a, b } = end.seat.slots ?? { a: null, b: null }
    if (a !== null) add(a, end)
    if (b !== null) add(b, end)
    const node = topology === 'mesh' ? nodes.get(end.id) : undefined
    for (const outside of node ? outsideOf(node, end.seat.slots, gateways) : []) add(outside.node.id, end)
  }
  return reflected
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
