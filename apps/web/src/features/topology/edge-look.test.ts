import { expect, test } from 'vitest'
import { dashes, LOOKS, lineWidth, lookMark, lookOf, lookWords, rateWidth } from './edge-look.ts'
import { testEdge } from './test-graph.ts'

test.each([
  { status: 'up', loss: 0.01, look: 'up', mark: 'good' },
  { status: 'up', loss: 0.05, look: 'lossy', mark: 'warn' },
  { status: 'one-way', loss: null, look: 'one-way', mark: 'warn' },
  { status: 'down', loss: 1, look: 'down', mark: 'bad' },
  { status: 'stale', loss: null, look: 'stale', mark: 'unknown' },
] as const)('$status with $loss lost looks $look', ({ status, loss, look, mark }) => {
  expect(lookOf(testEdge('a', 'b', { status, loss }))).toBe(look)
  expect(lookMark(look)).toBe(mark)
})

test('no two looks are told apart by colour alone', () => {
  const seen = LOOKS.map((look) => `${dashes[look].join(' ')}${look === 'down' ? ' crossed' : ''}`)
  expect(new Set(seen).size).toBe(LOOKS.length)
  expect(new Set(LOOKS.map(lookWords)).size).toBe(LOOKS.length)
})

test('traffic makes a line wider, never hidden and never a beam', () => {
  const widths = [0, 1e3, 1e4, 1e6, 1e12].map(rateWidth)
  expect(widths).toEqual([...widths].sort((a, b) => a - b))
  expect([widths[0], Math.max(...widths)]).toEqual([1.2, expect.closeTo(4.97)])
})

test('a dead line is seen though nothing goes through it', () => expect(lineWidth('down', 0)).toBe(2))
