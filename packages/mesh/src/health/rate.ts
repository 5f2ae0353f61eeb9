/** A counter as it stood `atMs` on a clock that never jumps: the uptime of the machine that counted. */
export type Counter = { readonly atMs: number; readonly count: number }

// Over a longer gap an average hides what happened; a rate is for what happens.
const MAX_GAP_MS = 5 * 60_000

/** Per second, or null where there is none: after a reboot, a new interface, a gap. Never negative, never a spike. */
export function rate(previous: Counter, current: Counter): number | null {
  const elapsedMs = current.atMs - previous.atMs
  const grown = current.count - previous.count
  if (!(elapsedMs > 0 && elapsedMs <= MAX_GAP_MS && grown >= 0)) return null
  return (grown * 1000) / elapsedMs
}
