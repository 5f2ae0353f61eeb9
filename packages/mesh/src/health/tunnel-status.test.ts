import { expect, test } from 'vitest'
import { EVIDENCE_FRESH_MS, type TunnelStatus, type TunnelView, tunnelStatus } from './tunnel-status.ts'

const now = 1_790_000_000_000
const ago = (seconds: number) => now - seconds * 1000

/** An end that reports `seconds` ago and heard its peer a second before that. */
const alive = (seconds: number, more: Partial<TunnelView> = {}): TunnelView => ({
  reportedAt: ago(seconds),
  state: 'alive',
  sinceAt: ago(600),
  heardAt: ago(seconds + 1),
  handshakeAt: ago(seconds + 41),
  rttMs: 12.5,
  ...more,
})
const dead = (seconds: number, more: Partial<TunnelView> = {}): TunnelView =>
  alive(seconds, { state: 'dead', sinceAt: ago(seconds + 1), heardAt: ago(seconds + 10), rttMs: null, ...more })
const trying = (seconds: number): TunnelView =>
  alive(seconds, { state: 'unknown', sinceAt: null, heardAt: null, handshakeAt: null, rttMs: null })

const status = (a: TunnelView | null, b: TunnelView | null): TunnelStatus =>
  tunnelStatus({ name: 'gate', view: a }, { name: 'home', view: b }, now)

test.each([
  { it: 'both ends hear each other', a: alive(3), b: alive(5), want: 'up' },
  { it: 'one end hears, the other never reported', a: alive(3), b: null, want: 'up' },
  { it: 'one end hears, the other has long been silent', a: alive(3), b: alive(4000), want: 'up' },
  { it: 'one end hears, the other has just begun', a: alive(3), b: trying(1), want: 'up' },
  { it: 'one end hears, the old word of the other was dead', a: alive(3), b: dead(100), want: 'up' },
  { it: 'evidence is 45 s old', a: alive(44), b: null, want: 'up' },
  {
    it: 'evidence is older than 45 s though the report is not',
    a: alive(44, { heardAt: ago(45.1) }),
    b: null,
    want: 'stale',
  },
  { it: 'nobody has reported for 46 s', a: alive(46), b: alive(50), want: 'stale' },
  { it: 'alive is said without any proof', a: alive(1, { heardAt: null }), b: null, want: 'stale' },
  {
    it: 'alive is said on the strength of a handshake of 1 s ago alone',
    a: alive(1, { heardAt: null, handshakeAt: ago(1) }),
    b: null,
    want: 'stale',
  },
  { it: 'alive is said, but the session must be dead', a: alive(1, { handshakeAt: ago(182) }), b: null, want: 'stale' },
  { it: 'alive is said at the very end of a session', a: alive(1, { handshakeAt: ago(181) }), b: null, want: 'up' },
  {
    it: 'alive is proven by probe by a script that saw no handshake yet',
    a: alive(1, { handshakeAt: null }),
    b: null,
    want: 'up',
  },
  { it: 'both ends gave up', a: dead(3), b: dead(5), want: 'down' },
  { it: 'one end gave up, the other is silent', a: dead(3), b: null, want: 'down' },
  { it: 'a fresh dead meets a stale alive', a: dead(3), b: alive(46), want: 'down' },
  { it: 'a fresh dead meets an alive from before it gave up', a: dead(3), b: alive(6), want: 'down' },
  { it: 'one end hears after the other gave up', a: dead(3, { sinceAt: ago(30) }), b: alive(2), want: 'one-way' },
  {
    it: 'both ends gave up, and one of them still hears the other',
    a: dead(3, { sinceAt: ago(30), heardAt: ago(4) }),
    b: dead(5, { sinceAt: ago(60), heardAt: ago(65) }),
    want: 'one-way',
  },
  {
    it: 'both ends gave up, and what one of them heard after that is old',
    a: dead(3, { sinceAt: ago(90), heardAt: ago(50) }),
    b: dead(5, { sinceAt: ago(120), heardAt: ago(125) }),
    want: 'down',
  },
  { it: 'one end gave up, the other is still trying', a: dead(3), b: trying(1), want: 'down' },
  { it: 'a dead is itself too old', a: dead(46), b: null, want: 'stale' },
  { it: 'both are trying', a: trying(1), b: trying(2), want: 'unknown' },
  { it: 'one is trying and the other is silent', a: trying(1), b: alive(60), want: 'unknown' },
  { it: 'nobody reported it ever', a: null, b: null, want: 'unknown' },
  { it: 'our clock was set back by an hour', a: alive(-3600), b: alive(-3600), want: 'stale' },
] as const)('a tunnel is $want when $it', ({ a, b, want }) => {
  expect(status(a, b).status).toBe(want)
  // Which end is called a is an accident of sorting.
  expect(status(b, a).status).toBe(want)
})

test('a one-way tunnel names the way that works, whichever end comes first', () => {
  const lost = dead(3, { sinceAt: ago(30), heardAt: ago(40) })
  expect(status(lost, alive(2)).direction).toEqual({ from: 'gate', to: 'home' })
  expect(status(alive(2), lost).direction).toEqual({ from: 'home', to: 'gate' })
  expect(status(lost, alive(2)).reason).toBe(
    'packets go from gate to home but not back: home heard gate 3 s ago, while gate has heard nothing for 40 s',
  )
})

test('up carries the newest evidence, the later start, and the round-trip time', () => {
  expect(status(alive(3, { sinceAt: ago(100) }), alive(1, { sinceAt: ago(90) }))).toEqual({
    status: 'up',
    evidenceAt: ago(2),
    sinceAt: ago(90),
    handshakeAt: ago(42),
    rttMs: 12.5,
    direction: null,
    reason: 'gate and home hear each other, last 2 s ago',
  })
})

test('up by one end alone says what is missing', () => {
  expect(status(alive(3), alive(300)).reason).toBe('gate heard home 4 s ago; home has not reported for 5 min')
})

test('down says since when, on whose word, and shows no round-trip time', () => {
  expect(status(dead(3, { heardAt: ago(360) }), null)).toMatchObject({
    evidenceAt: ago(3),
    sinceAt: ago(4),
    rttMs: null,
    reason: 'gate has heard nothing for 6 min',
  })
  expect(status(dead(3, { heardAt: null }), null).reason).toBe('gate never heard the other end')
})

test('when both ends gave up, the tunnel is down since the first of them did', () => {
  const [early, late] = [dead(3, { sinceAt: ago(90) }), dead(2, { sinceAt: ago(60) })]
  expect([status(early, late).sinceAt, status(late, early).sinceAt]).toEqual([ago(90), ago(90)])
})

test.each([
  { it: 'silence', a: alive(300), b: null, want: 'gate has not reported for 5 min; home has not reported this tunnel' },
  {
    it: 'a missing proof',
    a: alive(1, { heardAt: null }),
    b: null,
    want: 'gate says alive, but its last proof is missing; home has not reported this tunnel',
  },
  {
    it: 'a dead session',
    a: alive(1, { handshakeAt: ago(200) }),
    b: trying(1),
    want: 'gate says alive, but its last handshake is 3 min old and a session ends at 180 s; home is still trying',
  },
])('what is not known is explained: $it', ({ a, b, want }) => expect(status(a, b).reason).toBe(want))

test('whatever two reports said, no tunnel is green once they are 45 s old', () => {
  const words = [alive(0), dead(0), trying(0), null]
  for (const a of words) {
    for (const b of words) {
      const later = now + EVIDENCE_FRESH_MS + 1
      expect(tunnelStatus({ name: 'a', view: a }, { name: 'b', view: b }, later).status).not.toBe('up')
    }
  }
})
