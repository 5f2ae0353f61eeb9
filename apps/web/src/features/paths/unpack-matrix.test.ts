import { packCells } from '@spanwire/mesh/paths/packed-cells'
import { expect, test } from 'vitest'
import type { PackedMatrix } from './path-shapes.ts'
import { unpackMatrix } from './unpack-matrix.ts'

const AT = '2026-11-22T00:00:00.000Z'
const cell = { a: 0, b: 1, kind: 'lan', status: 'up', rttMs: 0.4, loss: 0, asymmetric: true, pairs: 1 } as const
const evidenceAt = Date.parse(AT) - 12_000
const packed: PackedMatrix = {
  network: { id: 'n', name: 'home', topology: 'mesh' },
  by: 'node',
  sites: [{ id: 's', name: 'Berlin' }],
  rows: ['one', 'two'].map((name, i) => ({ id: name, name, role: 'member', site: i === 0 ? 0 : null, nodes: 1 })),
  cells: packCells([{ ...cell, evidenceAt, direct: 1 }], 'node', Date.parse(AT)),
  at: AT,
}

test('rows have their site again, and pairs what is known of them', () => {
  const { rows, cells } = unpackMatrix(packed)
  expect(rows.map(({ siteId, siteName }) => [siteId, siteName])).toEqual([
    ['s', 'Berlin'],
    [null, null],
  ])
  const near = { rttMs: expect.closeTo(0.4, 2), evidenceAt: expect.closeTo(evidenceAt, -2) }
  expect(cells).toEqual([{ ...cell, ...near, direct: 1 }])
})
