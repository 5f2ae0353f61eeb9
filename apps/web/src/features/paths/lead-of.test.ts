import { expect, test } from 'vitest'
import { leadOf } from './lead-of.ts'
import type { Cell, Matrix } from './path-shapes.ts'

const cell = (change: Partial<Cell>): Cell => ({
  ...{ a: 0, b: 1, kind: 'relayed', status: 'up', rttMs: 9, loss: 0, evidenceAt: null, asymmetric: false },
  ...{ pairs: 1, direct: 0 },
  ...change,
})
const matrix = (cells: Cell[]): Matrix => ({
  network: { id: 'n', name: 'home', topology: 'mesh' },
  by: 'node',
  rows: ['gw', 'one', 'two'].map((name) => ({
    ...{ id: name, name, role: 'member' as const, siteId: null, siteName: null, nodes: 1 },
  })),
  cells,
  at: '2026-11-22T00:00:00.000Z',
})

test('it counts what is direct, and what nobody gets through', () => {
  const direct = cell({ kind: 'direct', direct: 1 })
  expect(leadOf(matrix([direct, cell({}), cell({ status: 'down' })]))).toMatch(
    /1 of 3 pairs direct, 1 dead or one-way\.$/,
  )
  expect(leadOf(matrix([direct, cell({}), cell({ kind: 'none', status: 'unknown' })]))).toMatch(/none dead\.$/)
})

test('where one node is the end of all that is dead, it is named', () => {
  const dead = (a: number, b: number) => cell({ a, b, status: 'down' })
  expect(leadOf(matrix([dead(0, 2), dead(1, 2), cell({})]))).toMatch(/2 dead or one-way, all of them with two\.$/)
  expect(leadOf(matrix([dead(0, 1), dead(1, 2), dead(0, 2)]))).toMatch(/3 dead or one-way\.$/)
})

test('a node alone has nothing to count', () => {
  expect(leadOf({ ...matrix([]), rows: matrix([]).rows.slice(0, 1) })).toMatch(/elsewhere \(mesh\)\.$/)
})
