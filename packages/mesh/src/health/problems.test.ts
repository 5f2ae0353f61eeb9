import { expect, test } from 'vitest'
import { clockStatus } from './clock-status.ts'
import { nodeTunnels } from './node-tunnels.ts'
import { type NodeHealth, nodeProblems, PROBLEMS, worstProblem } from './problems.ts'
import { reportingStatus } from './reporting-status.ts'
import type { TunnelStatus } from './tunnel-status.ts'

const now = 1_790_000_000_000
const reports = (secondsAgo: number | null) =>
  reportingStatus(secondsAgo === null ? null : now - secondsAgo * 1000, now)
const tunnels = (...statuses: TunnelStatus['status'][]) =>
  nodeTunnels(
    statuses.map((status) => ({
      status,
      evidenceAt: now,
      sinceAt: null,
      handshakeAt: null,
      rttMs: null,
      direction: null,
      reason: '',
    })),
    now,
  )

const well: NodeHealth = {
  name: 'home-1',
  role: 'member',
  state: 'active',
  quarantineReason: null,
  reporting: reports(3),
  tunnels: tunnels('up'),
  oneWay: [],
  clock: clockStatus(0),
  behindSince: null,
  diskFree: 0.5,
  memoryFree: 0.5,
  notes: [],
}

test.each([
  { it: 'is well', node: {}, want: [] },
  {
    it: 'has just enrolled and tries its first tunnel',
    node: { state: 'enrolled', tunnels: tunnels('unknown') },
    want: [],
  },
  {
    it: 'has tunnels of which one goes one way',
    node: { tunnels: tunnels('up', 'one-way'), oneWay: ['packets go from a to b but not back'] },
    want: ['one-way'],
  },
  {
    it: 'has one that goes one way and one that is cut',
    node: { tunnels: tunnels('up', 'one-way', 'down'), oneWay: ['packets go from a to b but not back'] },
    want: ['one-way', 'tunnels-lost'],
  },
  {
    it: 'does not report, and nobody reaches it',
    node: { reporting: reports(600), tunnels: tunnels('down') },
    want: ['gone'],
  },
  {
    it: 'does not report, but others reach it',
    node: { reporting: reports(600), tunnels: tunnels('up') },
    want: ['silent-but-alive'],
  },
  {
    it: 'does not report, and its tunnels are not known',
    node: { reporting: reports(600), tunnels: tunnels('stale') },
    want: ['silent'],
  },
  { it: 'never reported', node: { state: 'enrolled', reporting: reports(null), tunnels: tunnels() }, want: ['silent'] },
  {
    it: 'is a gateway that is gone',
    node: { role: 'gateway', reporting: reports(600), tunnels: tunnels('down', 'down') },
    want: ['gateway-gone'],
  },
  {
    it: 'is a gateway without any tunnel alive',
    node: { role: 'gateway', tunnels: tunnels('down', 'down') },
    want: ['gateway-cut-off'],
  },
  { it: 'is a gateway with one member asleep', node: { role: 'gateway', tunnels: tunnels('up', 'down') }, want: [] },
  { it: 'reports but has no tunnel alive', node: { tunnels: tunnels('down') }, want: ['cut-off'] },
  { it: 'hears but is not heard', node: { tunnels: tunnels('one-way') }, want: ['tunnels-lost'] },
  { it: 'reports nothing of its tunnels', node: { tunnels: tunnels('stale') }, want: ['no-evidence'] },
  { it: 'is late', node: { reporting: reports(60) }, want: ['late'] },
  { it: 'is 60 s behind', node: { behindSince: now - 60_000 }, want: [] },
  { it: 'is 61 s behind', node: { behindSince: now - 61_000 }, want: ['behind'] },
  {
    it: 'has a full disk and a wrong clock',
    node: { diskFree: 0.01, clock: clockStatus(-500_000) },
    want: ['clock-bad', 'disk-full'],
  },
  { it: 'has a clock that is a little off', node: { clock: clockStatus(20_000) }, want: ['clock-off'] },
  { it: 'has no memory left', node: { memoryFree: 0.04 }, want: ['memory-low'] },
  {
    it: 'is silent, so that its old numbers say nothing',
    node: { reporting: reports(600), diskFree: 0, clock: clockStatus(1e9) },
    want: ['silent-but-alive'],
  },
  { it: 'found a firewall', node: { notes: [{ code: 'host-firewall', text: 'INPUT rejects' }] }, want: ['note'] },
  { it: 'is invited', node: { state: 'invited', reporting: reports(null), tunnels: tunnels() }, want: ['invited'] },
  {
    it: 'is paused, which explains its silence',
    node: { state: 'paused', reporting: reports(600), tunnels: tunnels('down') },
    want: ['paused'],
  },
  {
    it: 'is quarantined',
    node: { state: 'quarantined', quarantineReason: 'two machines use its keys' },
    want: ['quarantined'],
  },
  {
    it: 'has a copy that is kept out, and disk left',
    node: { quarantineReason: 'two machines use its keys', diskFree: 0.01 },
    want: ['quarantined', 'disk-full'],
  },
  { it: 'was removed', node: { state: 'removed', reporting: reports(600) }, want: [] },
] as { it: string; node: Partial<NodeHealth>; want: string[] }[])(
  'a node that $it has the problems $want',
  ({ node, want }) => {
    expect(nodeProblems({ ...well, ...node }, now).map((problem) => problem.code)).toEqual(want)
  },
)

test('a problem is a sentence about the node, with its severity and fix', () => {
  expect(nodeProblems({ ...well, reporting: reports(600), tunnels: tunnels('down') }, now)).toEqual([
    {
      code: 'gone',
      severity: 'critical',
      subject: 'home-1',
      sentence: 'home-1 is gone: it has not reported for 10 min, and no other node reaches it',
      fix: PROBLEMS.gone.fix,
    },
  ])
})

test('the worst of a network is the worst kind, then the first by name', () => {
  const gone = { reporting: reports(600), tunnels: tunnels('down') }
  const of = (node: Partial<NodeHealth>) => nodeProblems({ ...well, ...node }, now)
  const problems = [...of({ name: 'c', diskFree: 0 }), ...of({ name: 'b', ...gone }), ...of({ name: 'a', ...gone })]
  expect(worstProblem(problems)?.sentence).toContain('a is gone')
  expect(worstProblem([...problems, ...of({ name: 'z', role: 'gateway', ...gone })])?.code).toBe('gateway-gone')
  expect(worstProblem([])).toBe(null)
})

test('no warning stands before a critical problem, and no hint before a warning', () => {
  const ranks = Object.values(PROBLEMS).map(({ severity }) => ['critical', 'warning', 'info'].indexOf(severity))
  expect(ranks).toEqual([...ranks].sort())
})
