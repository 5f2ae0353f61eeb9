/**
 * The second fact: does the tunnel between two nodes carry traffic? Judged from what its two ends measured, never from what was
 * configured, and never from a handshake alone.
 *
 *   packets arrive            the last one          +12 s            +14 s         +45 s
 *   |------- up ------------------|-- up, unnoticed --|-- reports it --|---- down ----|  the other end still reports
 *                                 '------------------ up ---------------------------|---- stale: nobody reports
 *
 * An end calls its peer dead after three silent ticks of 3 s (and the one in which the last packet came), and reports that within 2 s.
 */
import { humanAge } from './human-age.ts'

/** Evidence older than this is none. */
export const EVIDENCE_FRESH_MS = 45_000
/** WireGuard: REJECT_AFTER_TIME. Nothing can have arrived on a session older than that. */
export const SESSION_DEAD_MS = 180_000

/** One end's word. All times are milliseconds on the server's clock, made of ages at the moment of the report. */
export type TunnelView = {
  readonly reportedAt: number
  /** By probe or moving counter. */
  readonly state: 'alive' | 'dead' | 'unknown'
  readonly sinceAt: number | null
  /** Last proof that packets of the peer arrive. */
  readonly heardAt: number | null
  readonly handshakeAt: number | null
  readonly rttMs: number | null
}

export type TunnelEnd = { readonly name: string; readonly view: TunnelView | null }

export type TunnelStatus = {
  readonly status: 'up' | 'one-way' | 'down' | 'stale' | 'unknown'
  /** When what the status rests on was true. */
  readonly evidenceAt: number | null
  /** Since when up or down, where an end says so. */
  readonly sinceAt: number | null
  readonly handshakeAt: number | null
  /** Only of a tunnel that is up: an old one says nothing. */
  readonly rttMs: number | null
  /** Only when one-way: packets go this way and not back. */
  readonly direction: { readonly from: string; readonly to: string } | null
  readonly reason: string
}

export function tunnelStatus(a: TunnelEnd, b: TunnelEnd, now: number): TunnelStatus {
  const ends = [judge(a, now), judge(b, now)] as const
  const alive = ends.filter((end): end is Heard => end.verdict === 'alive')
  const dead = ends.filter((end): end is Heard => end.verdict === 'dead')
  dead.sort((x, y) => (x.view.sinceAt ?? x.view.reportedAt) - (y.view.sinceAt ?? y.view.reportedAt))
  const [live] = alive
  const [lost] = dead
  if (live && lost) {
    // What arrived before the other end gave up proves nothing about now.
    const isLater = (live.view.heardAt ?? 0) > (lost.view.sinceAt ?? lost.view.reportedAt)
    return isLater ? oneWay(live, lost, now) : down(lost, now)
  }
  if (live) return up(alive, ends, now)
  // It hears, and gave up because nobody answers.
  const unheard = dead.filter((end) => hears(end, now))
  const silent = dead.filter((end) => !hears(end, now))
  if (unheard[0] && silent[0]) return oneWay(unheard[0], silent[0], now)
  return lost ? down(lost, now) : inTheDark(ends, now)
}

/**
 *  absent   it never reported this tunnel            old       its last report is over 45 s old
 *  alive    it heard the peer, in the last 45 s      dead      it gave the peer up
 *  trying   it does not know yet                     outdated  it says alive, but its proof is too old
 */
type Judged = { readonly name: string } & (
  | { readonly verdict: 'absent'; readonly view: null }
  | { readonly verdict: 'old' | 'alive' | 'dead' | 'trying' | 'outdated'; readonly view: TunnelView }
)
type Heard = Extract<Judged, { view: TunnelView }>

function judge({ name, view }: TunnelEnd, now: number): Judged {
  if (!view) return { name, verdict: 'absent', view }
  // From the future: our own clock was set back, and nothing is known to be fresh.
  if (Math.abs(now - view.reportedAt) > EVIDENCE_FRESH_MS) return { name, verdict: 'old', view }
  if (view.state === 'dead') return { name, verdict: 'dead', view }
  if (view.state === 'unknown') return { name, verdict: 'trying', view }
  const isHeard = view.heardAt !== null && Math.abs(now - view.heardAt) <= EVIDENCE_FRESH_MS
  const isSessionDead = view.handshakeAt !== null && view.reportedAt - view.handshakeAt > SESSION_DEAD_MS
  return { name, verdict: isHeard && !isSessionDead ? 'alive' : 'outdated', view }
}

/** After it gave the peer up; what came before that proves nothing about now. */
const hears = ({ view: { heardAt, sinceAt, reportedAt } }: Heard, now: number): boolean =>
  heardAt !== null && heardAt > (sinceAt ?? reportedAt) && now - heardAt <= EVIDENCE_FRESH_MS

function up(alive: readonly Heard[], ends: readonly [Judged, Judged], now: number): TunnelStatus {
  const views = alive.map((end) => end.view)
  const evidenceAt = newest(views.map((view) => view.heardAt))
  const age = humanAge(now - (evidenceAt ?? now))
  const [a, b] = ends
  const [hearing, silent] = a.verdict === 'alive' ? [a, b] : [b, a]
  return {
    status: 'up',
    evidenceAt,
    // The later of the two: before it one end could not hear.
    sinceAt: newest(views.map((view) => view.sinceAt)),
    handshakeAt: newest(views.map((view) => view.handshakeAt)),
    rttMs: views.find((view) => view.rttMs !== null)?.rttMs ?? null,
    direction: null,
    reason:
      alive.length === 2
        ? `${a.name} and ${b.name} hear each other, last ${age} ago`
        : `${hearing.name} heard ${silent.name} ${age} ago; ${explain(silent, now)}`,
  }
}

function oneWay(live: Heard, lost: Heard, now: number): TunnelStatus {
  const reason = `packets go from ${lost.name} to ${live.name} but not back: ${live.name} heard ${lost.name} ${humanAge(now - (live.view.heardAt ?? now))} ago, while ${explain(lost, now)}`
  return { ...cut('one-way', lost, reason), direction: { from: lost.name, to: live.name } }
}

const down = (lost: Heard, now: number): TunnelStatus => cut('down', lost, explain(lost, now))

function cut(status: 'one-way' | 'down', { view }: Heard, reason: string): TunnelStatus {
  return {
    status,
    evidenceAt: view.reportedAt,
    sinceAt: view.sinceAt,
    handshakeAt: view.handshakeAt,
    rttMs: null,
    direction: null,
    reason,
  }
}

function inTheDark(ends: readonly [Judged, Judged], now: number): TunnelStatus {
  const views = ends.flatMap((end) => end.view ?? [])
  const isTrying = ends.some((end) => end.verdict === 'trying')
  return {
    status: isTrying || views.length === 0 ? 'unknown' : 'stale',
    evidenceAt: newest(views.map((view) => view.reportedAt)),
    sinceAt: null,
    handshakeAt: newest(views.map((view) => view.handshakeAt)),
    rttMs: null,
    direction: null,
    reason: ends.map((end) => explain(end, now)).join('; '),
  }
}

function explain({ name, verdict, view }: Judged, now: number): string {
  switch (verdict) {
    case 'absent':
      return `${name} has not reported this tunnel`
    case 'old':
      return `${name} has not reported for ${humanAge(Math.abs(now - view.reportedAt))}`
    case 'dead':
      return view.heardAt === null
        ? `${name} never heard the other end`
        : `${name} has heard nothing for ${humanAge(now - view.heardAt)}`
    case 'trying':
      return `${name} is still trying`
    case 'outdated':
      return view.heardAt !== null && Math.abs(now - view.heardAt) <= EVIDENCE_FRESH_MS
        ? `${name} says alive, but its last handshake is ${humanAge(now - (view.handshakeAt ?? now))} old and a session ends at 180 s`
        : `${name} says alive, but its last proof is ${view.heardAt === null ? 'missing' : `${humanAge(now - view.heardAt)} old`}`
    case 'alive':
      return `${name} hears the other end`
  }
}

function newest(times: readonly (number | null)[]): number | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
}
