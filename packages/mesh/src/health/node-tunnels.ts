import { humanAge } from './human-age.ts'
import { missedDirect } from './missed-direct.ts'
import type { TunnelStatus } from './tunnel-status.ts'

export type NodeTunnels = {
  readonly status: 'up' | 'degraded' | 'down' | 'stale' | 'unknown' | 'none'
  readonly total: number
  readonly counts: Readonly<Record<TunnelStatus['status'], number>>
  /** Of the tunnels that are up. */
  readonly oldestHandshakeMs: number | null
  /** The newest evidence of any tunnel. */
  readonly evidenceAt: number | null
  readonly sentence: string
}

/**
 * All tunnels of one node as one fact. Green only when every one is up; what is not known is never counted as alive. `missed` direct paths
 * are no part of `links`.
 */
export function nodeTunnels(links: readonly TunnelStatus[], now: number, missed = 0): NodeTunnels {
  const counts = { up: 0, 'one-way': 0, down: 0, stale: 0, unknown: 0 }
  let oldest: number | null = null
  let evidenceAt: number | null = null
  for (const link of links) {
    counts[link.status]++
    if (link.status === 'up' && link.handshakeAt !== null)
      oldest = Math.min(oldest ?? link.handshakeAt, link.handshakeAt)
    if (link.evidenceAt !== null) evidenceAt = Math.max(evidenceAt ?? 0, link.evidenceAt)
  }
  const oldestHandshakeMs = oldest === null ? null : now - oldest
  const total = links.length
  return {
    status: overall(counts, total),
    total,
    counts,
    oldestHandshakeMs,
    evidenceAt,
    sentence: sentence(counts, total, oldestHandshakeMs, missed),
  }
}

function overall(counts: NodeTunnels['counts'], total: number): NodeTunnels['status'] {
  if (total === 0) return 'none'
  if (counts.up === total) return 'up'
  if (counts.up > 0 || counts['one-way'] > 0) return 'degraded'
  if (counts.down > 0) return 'down'
  return counts.stale > 0 ? 'stale' : 'unknown'
}

function sentence(counts: NodeTunnels['counts'], total: number, oldestMs: number | null, missed: number): string {
  const beside = missed === 0 ? '' : `; ${missedDirect(missed)}`
  if (total === 0) return `no tunnels yet${beside}`
  const pieces = [`${counts.up} of ${total} alive`]
  if (counts['one-way'] > 0) pieces.push(`${counts['one-way']} one-way`)
  if (counts.down > 0) pieces.push(`${counts.down} down`)
  if (counts.stale > 0) pieces.push(`${counts.stale} without fresh evidence`)
  if (counts.unknown > 0) pieces.push(`${counts.unknown} not known yet`)
  if (oldestMs !== null) pieces.push(`oldest handshake ${humanAge(oldestMs)}`)
  return pieces.join(', ') + beside
}
