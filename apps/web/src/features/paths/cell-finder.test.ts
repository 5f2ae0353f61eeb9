import { expect, test } from 'vitest'
import { cellFinder } from './cell-finder.ts'
import type { Cell, MatrixRow } from './path-shapes.ts'

const rows = ['gw', 'one', 'two'].map(
  (name): MatrixRow => ({ id: name, name, role: 'member', siteId: null, siteName: null, nodes: 1 }),
)
const cell = (a: number, b: number): Cell => ({
  ...{ a, b, kind: 'direct', status: 'up', rttMs: a * 10 + b, loss: 0, evidenceAt: null, asymmetric: false },
  ...{ pairs: 1, direct: 1 },
})

test('a pair is found in either order, and only its own', () => {
  const find = cellFinder({ rows, cells: [cell(0, 1), cell(0, 2), cell(1, 2)] })
  expect([find(1, 2)?.rttMs, find(2, 1)?.rttMs, find(2, 0)?.rttMs]).toEqual([12, 12, 2])
  expect(find(1, 1)).toBeNull()
})

test('the inside of a site is on the diagonal', () => {
  expect(cellFinder({ rows, cells: [cell(1, 1)] })(1, 1)?.rttMs).toBe(11)
})
