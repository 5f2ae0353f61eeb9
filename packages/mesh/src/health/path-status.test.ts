import { expect, test } from 'vitest'
import { type MeasuredTunnel, pathStatus } from './path-status.ts'

const up: MeasuredTunnel = { status: 'up', evidenceAt: 1_000, rttMs: 10, loss: 0.1 }

test('a way is as slow as its tunnels together, as old as the oldest proof, and loses what each of them loses', () => {
  const status = pathStatus([up, { ...up, evidenceAt: 400, rttMs: 5 }])
  expect(status).toMatchObject({ status: 'up', evidenceAt: 400, rttMs: 15 })
  expect(status.loss).toBeCloseTo(0.19)
})

test.each<{ it: string; other: MeasuredTunnel | null; want: string }>([
  { it: 'down when one is', other: { ...up, status: 'down' }, want: 'down' },
  { it: 'one-way when one is', other: { ...up, status: 'one-way' }, want: 'one-way' },
  { it: 'stale when nobody reports one', other: { ...up, status: 'stale' }, want: 'stale' },
  { it: 'unknown when one was never reported', other: null, want: 'unknown' },
])('a way is $it', ({ other, want }) => expect(pathStatus([up, other]).status).toBe(want))

test('what is not measured on all of the way is not told of it', () => {
  expect(pathStatus([up, null])).toMatchObject({ rttMs: null, evidenceAt: null })
  expect(pathStatus([up, { ...up, rttMs: null, loss: null }])).toMatchObject({ rttMs: null, loss: expect.closeTo(0.1) })
  expect(pathStatus([])).toEqual({ status: 'unknown', evidenceAt: null, rttMs: null, loss: null })
})
