import { expect, test } from 'vitest'
import { rate } from './rate.ts'

test.each([
  { it: 'is what was counted by the time it took', from: [1000, 500], to: [21_000, 20_500], want: 1000 },
  { it: 'is zero while nothing is counted', from: [1000, 500], to: [2000, 500], want: 0 },
  { it: 'is unknown after a counter began anew', from: [1000, 500], to: [2000, 10], want: null },
  { it: 'is unknown after a reboot', from: [90_000_000, 500], to: [30_000, 800], want: null },
  { it: 'is unknown within the same moment', from: [1000, 500], to: [1000, 900], want: null },
  { it: 'is unknown over a gap of more than 5 minutes', from: [0, 0], to: [300_001, 900], want: null },
  { it: 'is known over just 5 minutes', from: [0, 0], to: [300_000, 900], want: 3 },
  { it: 'is unknown when a counter is no number', from: [0, Number.NaN], to: [1000, 900], want: null },
])('a rate $it', ({ from, to, want }) => {
  const counter = ([atMs, count]: number[]) => ({ atMs: atMs ?? 0, count: count ?? 0 })
  expect(rate(counter(from), counter(to))).toBe(want)
})
