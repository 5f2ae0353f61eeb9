/**
 * How far a try of a direct path is, out of what its node said of it. A node says it with its next report, up to 35 s late; what it had
 * planned for a minute that has come goes on meanwhile, and what it had begun ends.
 *
 *   said: next at N          N            + round
 *   |------- waits ----------|-- trying --|-- over ...   until a report says more
 *   said: it is being tried since L       L + round
 *   |-------------- trying ---------------|-- over ...
 */
export type SaidTry = {
  /** ms */
  readonly last: number
  /** null: it was being tried */
  readonly next: number | null
  /** from the first call to the last */
  readonly roundMs: number
}

export type TryPhase =
  | { readonly phase: 'waits'; readonly last: number; readonly next: number }
  | { readonly phase: 'trying' | 'over'; readonly since: number }

/** Each endpoint has 15 s, the last one 45 s, since the other end comes to its own as late (apps/node/paths.sh). */
export const roundMs = (endpoints: number): number => (Math.max(0, endpoints - 1) * 15 + 45) * 1000

export function tryPhase({ last, next, roundMs }: SaidTry, now: number): TryPhase {
  if (next !== null && next > now) return { phase: 'waits', last, next }
  const since = next ?? last
  return { phase: now - since <= roundMs ? 'trying' : 'over', since }
}
