import { expect, test } from 'vitest'
import type { TunnelStatus } from '../health/tunnel-status.ts'
import { goldenPaths } from '../protocol/golden-paths.ts'
import { explainPair, type PairEvidence } from './explain-pair.ts'
import type { NetworkInput } from './network-input.ts'
import { pairWay } from './pair-way.ts'
import { type NetworkPlan, plan } from './plan.ts'

const idOf = (name: string): string => [...goldenPaths.nodes.values()].find((node) => node.name === name)?.id ?? ''
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`)

const row = (name: string) => {
  const found = goldenPaths.nodes.get(idOf(name))
  if (!found) throw new Error(name)
  return found
}

/** In no site, behind a NAT of its own. */
const home3 = {
  ...row('home-2'),
  id: idOf('home-2').replace('f2', 'f9'),
  name: 'home-3',
  ordinal: 9,
  publicKey: 'RVadpX9Le/Ry16hk70eBRRyuY4P+6fsK5AxZqhzkdTQ=',
  siteId: null,
  directKey: 'CQEABwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwE=',
  observed: [{ gatewayId: idOf('gw-1'), endpoint: '192.0.2.77:5' }],
}

const input = (over: Partial<NetworkInput> = {}): NetworkInput => ({
  ...goldenPaths.settings,
  nodes: [...goldenPaths.nodes.values(), home3],
  topology: 'mesh',
  pairs: [{ a: idOf('home-1'), b: idOf('office-1') }],
  ...over,
})
const network = plan(input())

/** Direct tunnels are dead: everybody says that it goes by its gateways. */
function told(from: string, to: string, over: Partial<PairEvidence> = {}, of: NetworkPlan = network): string {
  const [a, b] = [from, to].map((name) => (name === 'home-3' ? home3.id : idOf(name))) as [string, string]
  const usual = (id: string) => (of.seats.get(id)?.slots?.first === 'b' ? 'span0b' : 'span0')
  const way = pairWay(of, a, b, (id, peer) => (id === a && peer === b && of.seats.get(id)?.slots ? usual(id) : null))
  const kind = way.kind
  return explainPair(of, a, b, {
    kind,
    way,
    direct: null,
    cut: null,
    endpoint: null,
    tries: null,
    now: at('14:06:00'),
    ...over,
  }).text
}

const judged = (over: Partial<TunnelStatus>): TunnelStatus => ({
  ...{ status: 'down', evidenceAt: null, sinceAt: at('14:00:00'), handshakeAt: null, rttMs: null, direction: null },
  reason: 'home-1 hears nothing',
  ...over,
})

test.each([
  { it: 'is being tried', direct: null, want: 'a direct path is being tried' },
  {
    it: 'is dead',
    direct: judged({}),
    want: 'the direct path has been dead for 6 min; last tried 14:02, next 14:10 UTC',
  },
  {
    it: 'lives again',
    direct: judged({ status: 'up' }),
    want: 'the direct path lives, and is gone back to when it has been well for 30 s',
  },
  { it: 'is one-way', direct: judged({ status: 'one-way' }), want: 'the direct path is one-way: home-1 hears nothing' },
  { it: 'is silent', direct: judged({ status: 'stale' }), want: 'nobody has reported the direct path lately' },
])('a pair is carried while its direct path $it', ({ direct, want }) =>
  expect(
    told('home-1', 'office-1', { direct, tries: { last: at('14:02:00'), next: at('14:10:00'), roundMs: 60_000 } }),
  ).toBe(`through gw-1 and gw-3: ${want}`),
)

test('a way with a dead tunnel says which one first, and then why it goes there', () => {
  const cut = { from: idOf('gw-1'), to: idOf('gw-3'), reason: 'gw-3 has heard nothing for 6 min' }
  expect(told('home-1', 'office-1', { cut })).toBe(
    'nothing gets through between gw-1 and gw-3: gw-3 has heard nothing for 6 min. It goes through gw-1 and gw-3: a direct path is being tried',
  )
})

test('a path that is being tried has no next time', () => {
  const tries = { last: at('14:05:50'), next: null, roundMs: 60_000 }
  const words = (now: string) => told('home-1', 'office-1', { direct: judged({}), tries, now: at(now) })
  expect(words('14:06:00')).toMatch(/the direct path has been dead for 6 min; being tried since 14:05 UTC$/)
  // Each endpoint was called; what came of it is not reported yet.
  expect(words('14:07:00')).toMatch(/; last tried 14:05 UTC$/)
  const due = { last: at('14:02:00'), next: at('14:06:00'), roundMs: 60_000 }
  expect(told('home-1', 'office-1', { direct: judged({}), tries: due, now: at('14:06:20') })).toMatch(
    /; being tried since 14:06 UTC$/,
  )
})

test('a path whose node does not say when it tries has no times', () =>
  expect(told('home-1', 'office-1', { direct: judged({ sinceAt: null }) })).toMatch(/the direct path has been dead$/))

test.each([
  {
    it: 'behind a hard NAT',
    pair: ['home-2', 'home-3'],
    want: "through gw-1: both ends are behind NATs, and home-2's gives a new port for each destination",
  },
  { it: 'and its gateway', pair: ['home-1', 'gw-1'], want: 'by the tunnel between home-1 and gw-1' },
  {
    it: 'and a gateway of others',
    pair: ['home-1', 'gw-3'],
    want: 'through gw-1: home-1 has its tunnels to other gateways',
  },
])('a node $it: the reason', ({ pair: [from = '', to = ''], want }) => {
  if (typeof want === 'string') expect(told(from, to)).toBe(want)
  else expect(told(from, to)).toMatch(want)
})

test.each([
  { it: 'is dead', direct: judged({}), want: 'the tunnel between home-1 and gw-1 is dead: home-1 hears nothing' },
  {
    it: 'goes one way',
    direct: judged({ status: 'one-way' }),
    want: 'the tunnel between home-1 and gw-1 goes one way: home-1 hears nothing',
  },
  {
    it: 'lives again',
    direct: judged({ status: 'up' }),
    want: 'the tunnel between home-1 and gw-1 lives, and is gone back to when it has been well for 30 s',
  },
  { it: 'is silent', direct: null, want: 'nobody has reported the tunnel between home-1 and gw-1 lately' },
])('a node is carried to its own gateway while their tunnel $it, in every topology', ({ direct, want }) => {
  for (const topology of ['hub', 'mesh'] as const) {
    const of = plan(input({ topology }))
    const way = pairWay(of, idOf('home-1'), idOf('gw-1'), (id) => (id === idOf('home-1') ? 'span0b' : null))
    const { text, why } = explainPair(of, idOf('home-1'), idOf('gw-1'), {
      ...{ kind: 'relayed', way, direct, cut: null, endpoint: null, tries: null, now: 0 },
    })
    expect(text).toMatch(/^through gw-\d: /)
    expect(text).toContain(want)
    expect(why).toBeNull()
  }
})

test.each([
  { it: 'a hub', over: { topology: 'hub' as const }, reason: 'in a hub the gateways carry everything' },
  {
    it: 'sites',
    over: { topology: 'sites' as const },
    reason: 'home-1 and office-1 are in different sites, and this network goes directly inside of a site only',
  },
  {
    it: 'a mesh where they hardly talk',
    over: { pairs: [] },
    reason: 'they have hardly talked with each other lately',
  },
  {
    it: 'a mesh with one peer for each',
    over: { directCap: 1 },
    reason: 'one of them has as many direct tunnels as it may have',
  },
])('in $it the reason is said as it is', ({ over, reason }) =>
  expect(told('home-1', 'office-1', {}, plan(input(over)))).toBe(`through gw-1 and gw-3: ${reason}`),
)

test('what is direct says where, and has no reason beside', () => {
  const [a, b] = [idOf('home-1'), idOf('home-2')]
  const way = pairWay(network, a, b, () => null)
  const evidence = { way, direct: judged({ status: 'up' }), cut: null, tries: null, now: 0 }
  expect(explainPair(network, a, b, { ...evidence, kind: 'lan', endpoint: null })).toEqual({
    text: 'directly, inside of their LAN',
    why: null,
  })
  expect(explainPair(network, a, b, { ...evidence, kind: 'direct', endpoint: '198.51.100.7:9' }).text).toBe(
    'directly, home-2 at 198.51.100.7:9',
  )
})

test('who has no way on is named, and who is paused', () => {
  const [a, b] = [idOf('home-2'), idOf('office-1')]
  const way = pairWay(network, a, b, (id) => (id === idOf('gw-1') ? 'unreachable' : null))
  expect(told('home-2', 'office-1', { kind: 'unreachable', way })).toBe(
    'there is no way: gw-1 has none that lives and leads on to office-1',
  )
  const paused = plan(
    input({
      nodes: [...goldenPaths.nodes.values()].map((node) =>
        node.id === b ? { ...node, state: 'paused' as const } : node,
      ),
    }),
  )
  expect(told('home-2', 'office-1', {}, paused)).toBe('office-1 has no tunnels: it is paused, or kept out')
})
