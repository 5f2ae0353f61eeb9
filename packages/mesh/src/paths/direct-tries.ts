/**
 * When a dead direct path is tried. Both ends do it by the wall clock, without a word to each other, so that they call at once:
 *
 *   dead ─ a round: each endpoint 15 s, the last one 45 s ─ the next minute that 2 divides ─ a round ─ … 4 ─ … 64 ─ every 64 minutes
 *
 * A path whose endpoints change is tried at once; then this tells the round after that one too early, never too late.
 */
const DWELL_MS = 15_000
const LAST_DWELL_MS = 45_000
const MINUTE_MS = 60_000
const MOST_DOUBLINGS = 6

/** `endpoints`: how many there are to try; with none it is not tried at all. */
export function directTries(deadSince: number, endpoints: number, now: number): { last: number; next: number } | null {
  if (endpoints === 0) return null
  const round = (endpoints - 1) * DWELL_MS + LAST_DWELL_MS
  const longest = MINUTE_MS * 2 ** MOST_DOUBLINGS
  let last = deadSince
  for (let doublings = 1; ; doublings = Math.min(doublings + 1, MOST_DOUBLINGS)) {
    const step = MINUTE_MS * 2 ** doublings
    const ended = Math.max(last + round, Math.floor(last / MINUTE_MS) * MINUTE_MS + MINUTE_MS)
    const next = Math.ceil(ended / step) * step
    if (next > now) return { last, next }
    // Once it is at its longest, all rounds before the last one are alike.
    last = step === longest ? Math.floor(now / longest) * longest : next
  }
}
