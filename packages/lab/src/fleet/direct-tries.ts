/**
 * When a dead direct path is tried, as the part for paths does it: by the wall clock, without a word between the ends, so that both call at once.
 *
 *   dead ─ a round: each endpoint 15 s, the last one 45 s ─ the next minute that 2 divides ─ a round ─ … 4 ─ … 64 ─ every 64 minutes
 */
const DWELL = 15
const LAST_DWELL = 45
const MINUTE = 60
const MOST_DOUBLINGS = 6

/** Unix seconds. `endpoints`: how many there are to try; with none it is not tried at all. `next` is null in the middle of a round. */
export function directTries(
  deadSince: number,
  endpoints: number,
  now: number,
): { last: number; next: number | null } | null {
  if (endpoints === 0) return null
  const round = (endpoints - 1) * DWELL + LAST_DWELL
  const longest = MINUTE * 2 ** MOST_DOUBLINGS
  let last = deadSince
  for (let doublings = 1; ; doublings = Math.min(doublings + 1, MOST_DOUBLINGS)) {
    const step = MINUTE * 2 ** doublings
    const ended = Math.max(last + round, Math.floor(last / MINUTE) * MINUTE + MINUTE)
    const next = Math.ceil(ended / step) * step
    if (next > now) return { last, next: now < last + round ? null : next }
    // Once it is at its longest, all rounds before the last one are alike.
    last = step === longest ? Math.floor(now / longest) * longest : next
  }
}
