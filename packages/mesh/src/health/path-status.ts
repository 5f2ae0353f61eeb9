/** A way of several tunnels as one: as well as the worst of them, as old as the oldest proof, as slow as all together. */
import type { TunnelStatus } from './tunnel-status.ts'

export type MeasuredTunnel = Pick<TunnelStatus, 'status' | 'evidenceAt' | 'rttMs'> & {
  /** 0..1 of its pings; null while there are too few. */
  readonly loss: number | null
}

export type PathStatus = {
  readonly status: TunnelStatus['status']
  readonly evidenceAt: number | null
  readonly rttMs: number | null
  readonly loss: number | null
}

/** The worst first: what is not known is worse than what was known a while ago, and better than what is known to be cut. */
const WORST_FIRST = ['down', 'one-way', 'unknown', 'stale', 'up'] as const satisfies readonly TunnelStatus['status'][]

/** Null for a tunnel that nobody reported. */
export function pathStatus(tunnels: readonly (MeasuredTunnel | null)[]): PathStatus {
  const known = tunnels.filter((tunnel) => tunnel !== null)
  const statuses = new Set(tunnels.map((tunnel) => tunnel?.status ?? 'unknown'))
  const isWhole = tunnels.length > 0 && known.length === tunnels.length
  const all = <T>(values: readonly (T | null)[]): T[] | null =>
    isWhole && values.every((value) => value !== null) ? (values as T[]) : null
  const evidence = known.flatMap(({ evidenceAt }) => evidenceAt ?? [])
  const rtts = all(known.map(({ rttMs }) => rttMs))
  const losses = known.flatMap(({ loss }) => loss ?? [])
  return {
    status: WORST_FIRST.find((status) => statuses.has(status)) ?? 'unknown',
    evidenceAt: evidence.length === 0 || !isWhole ? null : Math.min(...evidence),
    rttMs: rtts?.reduce((sum, rtt) => sum + rtt, 0) ?? null,
    // What one tunnel let through the next one may lose.
    loss: losses.length === 0 ? null : 1 - losses.reduce((passed, loss) => passed * (1 - loss), 1),
  }
}
