import { expect, test } from 'vitest'
import { bandOf, bandWords, measuredOf, shortValue, valueWords } from './measure.ts'
import type { Cell } from './path-shapes.ts'

const cell: Cell = {
  ...{ a: 0, b: 1, kind: 'relayed', status: 'up', rttMs: 24.4, loss: 0.004, asymmetric: false, pairs: 1, direct: 0 },
  evidenceAt: Date.parse('2026-11-22T00:00:00.000Z'),
}
const now = Date.parse('2026-11-22T00:00:41.000Z')

test('a step begins at its bound and ends before the next', () => {
  expect([0, 4.9, 5, 19.9, 20, 50, 149, 150, 4000].map((ms) => bandOf('rtt', ms))).toEqual([0, 0, 1, 1, 2, 3, 3, 4, 4])
  expect([0, 0.0005, 0.001, 0.02, 0.05, 0.5].map((share) => bandOf('loss', share))).toEqual([0, 0, 1, 2, 3, 4])
})

test('an age is counted on the clock that is given, and is never below zero', () => {
  expect(measuredOf(cell, 'age', now)).toBe(41_000)
  expect(measuredOf(cell, 'age', now - 3_600_000)).toBe(0)
  expect(measuredOf({ ...cell, evidenceAt: null }, 'age', now)).toBeNull()
})

test('words keep their unit, and a small loss is not said to be none', () => {
  expect(valueWords('rtt', 24.4)).toBe('24\u202fms')
  expect(valueWords('loss', 0.004)).toBe('0.4\u202f%')
  expect(valueWords('age', 41_000)).toBe('41 s')
  expect(valueWords('loss', null)).toBe('–')
  expect(shortValue('loss', 0.004)).toBe('0.4')
  expect([9.94, 9.96].map((ms) => shortValue('rtt', ms))).toEqual(['9.9', '10'])
})

test('the legend begins with what is below the first bound', () => {
  expect([0, 1, 4].map((band) => bandWords('rtt', band as 0 | 1 | 4))).toEqual([
    'under 5\u202fms',
    '5\u202fms',
    '150\u202fms',
  ])
  expect(bandWords('loss', 0)).toBe('under 0.1\u202f%')
})
