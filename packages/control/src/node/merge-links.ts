/** One tunnel out of its two ends' rows, judged by mesh/health. A tunnel that only one end reported is one too. */
import { type TunnelStatus, type TunnelView, tunnelStatus } from '@spanwire/mesh/health/tunnel-status'
import type { LinkRecord } from './read-links.ts'

/** `a` is the lower id. */
export type Tunnel = {
  readonly a: string
  readonly b: string
  readonly aSees: LinkRecord | null
  readonly bSees: LinkRecord | null
  readonly judged: TunnelStatus
}

export function mergeLinks(links: readonly LinkRecord[], nameOf: (id: string) => string, now: number): Tunnel[] {
  const pairs = new Map<string, { a: string; b: string; aSees: LinkRecord | null; bSees: LinkRecord | null }>()
  for (const link of links) {
    const isLower = link.nodeId < link.peerId
    const [a, b] = isLower ? [link.nodeId, link.peerId] : [link.peerId, link.nodeId]
    const key = a + b
    let pair = pairs.get(key)
    if (!pair) {
      pair = { a, b, aSees: null, bSees: null }
      pairs.set(key, pair)
    }
    if (isLower) pair.aSees = later(pair.aSees, link)
    else pair.bSees = later(pair.bSees, link)
  }
  return Array.from(pairs.values(), (pair) => ({
    ...pair,
    judged: tunnelStatus(
      { name: nameOf(pair.a), view: viewOf(pair.aSees) },
      { name: nameOf(pair.b), view: viewOf(pair.bSees) },
      now,
    ),
  }))
}

/** Each node with the tunnels it is an end of. */
export function tunnelsByNode(tunnels: readonly Tunnel[]): Map<string, Tunnel[]> {
  const byNode = new Map<string, Tunnel[]>()
  for (const tunnel of tunnels) {
    for (const end of [tunnel.a, tunnel.b]) {
      const list = byNode.get(end)
      if (list) list.push(tunnel)
      else byNode.set(end, [tunnel])
    }
  }
  return byNode
}

/** An end that changed interfaces leaves its old row until its next report: the newest one counts. */
function later(before: LinkRecord | null, link: LinkRecord): LinkRecord {
  return before && before.reportedAt > link.reportedAt ? before : link
}

/** When a tunnel was last proven to carry; of one that is not alive the last proof by either end, as far as their scripts remember. */
export function provenAt({ aSees, bSees, judged }: Tunnel): number | null {
  if (judged.status === 'up') return judged.evidenceAt
  const heard = [aSees, bSees].flatMap((link) => link?.heardAt ?? [])
  return heard.length === 0 ? null : Math.max(...heard)
}

function viewOf(link: LinkRecord | null): TunnelView | null {
  return link
}

/** Fewer pings say nothing of a share: the first one is often lost while the tunnel opens. A silent tunnel is pinged each 3 s. */
const ENOUGH_PINGS = 20

/** 0..1 of the pings since the node's script started; null while there are too few of them. */
export const lossOf = ({ sent, lost }: Pick<LinkRecord, 'sent' | 'lost'>): number | null =>
  sent >= ENOUGH_PINGS ? Math.min(1, lost / sent) : null
