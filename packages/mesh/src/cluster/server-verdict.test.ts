import { expect, test } from 'vitest'
import { type PathSample, serverVerdict } from './server-verdict.ts'

const now = 1_790_000_000_000
const sample = (over: Partial<PathSample> = {}): PathSample => ({
  to: 'server-1',
  rttMs: 8.25,
  sent: 300,
  lost: 0,
  measuredAt: now - 5000,
  ...over,
})
const verdict = (samples: readonly PathSample[], servers = 2) =>
  serverVerdict('server-2', samples, servers, 'etcd', now)

test.each([
  { it: 'near', over: {}, want: 'good', says: '8.3 ms to server-1, 0 % of 300 pings lost: near enough for etcd' },
  { it: '50 ms away', over: { rttMs: 50 }, want: 'good', says: '50 ms' },
  { it: 'little measured', over: { sent: 20 }, want: 'good', says: 'though 20 pings say little of loss' },
  { it: '120 ms away', over: { rttMs: 120 }, want: 'tune', says: '120 ms to server-1, 0 % of 300 pings lost: too far' },
  { it: 'the ping lost that opened the tunnel', over: { sent: 6, lost: 1 }, want: 'good', says: '6 pings say little' },
  { it: 'losing 2 %', over: { lost: 6 }, want: 'tune', says: '2 % of 300 pings lost' },
  { it: '300 ms away', over: { rttMs: 300 }, want: 'bad', says: 'each write of the cluster would take over 300 ms' },
  { it: 'losing 5 %', over: { lost: 15 }, want: 'bad', says: '5 % of 300 pings lost: etcd would lose its leader' },
  {
    it: 'not measured',
    over: { rttMs: null },
    want: 'unknown',
    says: 'nothing was measured between server-2 and server-1 yet',
  },
  { it: 'measured an hour ago', over: { measuredAt: now - 3_600_000 }, want: 'unknown', says: '60 min ago' },
])('a server that is $it: $want', ({ over, want, says }) => {
  const found = verdict([sample(over)])
  expect(found.verdict).toBe(want)
  expect(found.sentence).toContain(says)
  expect(found.fix === null).toBe(want === 'good')
})

test.each([
  { rttMs: 60, want: ['heartbeat-interval=100', 'election-timeout=1000'] },
  { rttMs: 120, want: ['heartbeat-interval=200', 'election-timeout=2000'] },
  { rttMs: 9000, want: ['heartbeat-interval=5000', 'election-timeout=50000'] },
])('at $rttMs ms etcd is given $want', ({ rttMs, want }) => expect(verdict([sample({ rttMs })]).etcdArgs).toEqual(want))

test('the worst way of all decides, and one that is not known leaves all unknown', () => {
  const far = sample({ to: 'server-3', rttMs: 130 })
  expect(verdict([sample(), far], 3)).toMatchObject({
    verdict: 'tune',
    rttMs: 130,
    sentence: expect.stringContaining('to server-3'),
  })
  expect(verdict([sample(), sample({ to: 'server-3', rttMs: null })], 3).verdict).toBe('unknown')
  expect(verdict([]).verdict).toBe('unknown')
})

test('two servers are said to be none, three to bear one loss', () => {
  expect(verdict([sample()]).sentence).toContain('stops when either does')
  expect(verdict([sample(), sample({ to: 'server-3' })], 3).sentence).toContain('bears the loss of 1')
})

test('SQLite has no second server, and an external datastore no need to be near', () => {
  expect(serverVerdict('server-2', [sample()], 2, 'sqlite', now).verdict).toBe('impossible')
  expect(serverVerdict('server-2', [sample({ rttMs: 400 })], 2, 'external', now)).toMatchObject({
    verdict: 'good',
    etcdArgs: [],
  })
})
