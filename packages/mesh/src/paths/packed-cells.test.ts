import { expect, test } from 'vitest'
import { randomOf } from '../policy/testing/random.ts'
import { isDirect, type PathCell, packCells, STATUSES, unpackCells } from './packed-cells.ts'
import { PATH_KINDS } from './path-kind.ts'

const AT = Date.parse('2026-11-22T00:00:00Z')

/** Whatever a matrix of that many rows may hold. */
function randomCells(seed: number, rows: readonly { nodes: number }[], by: 'node' | 'site'): PathCell[] {
  const random = randomOf(seed)
  const size = (least: number, decades: number) => least * 10 ** ((random.below(1001) / 1000) * decades)
  const maybe = (value: number) => (random.chance(20) ? null : random.chance(10) ? 0 : value)
  return rows.flatMap((row, a) =>
    rows.slice(by === 'site' ? a : a + 1).map((other, more): PathCell => {
      const b = by === 'site' ? a + more : a + 1 + more
      const [kind, status] = [random.one(PATH_KINDS), random.one(STATUSES)]
      const pairs = a === b ? (row.nodes * (row.nodes - 1)) / 2 : row.nodes * other.nodes
      const age = maybe(size(100, 9))
      return {
        ...{ a, b, kind, status, rttMs: maybe(size(0.01, 6.9)), loss: maybe(size(0.001, 3)) },
        evidenceAt: age === null ? null : AT - age,
        asymmetric: random.chance(30),
        pairs: by === 'site' ? pairs : 1,
        direct: by === 'site' ? random.below(pairs + 1) : Number(isDirect({ kind, status })),
      }
    }),
  )
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => ({ nodes: 1 + (i % 7) }))

/** As precise as it is promised; null and zero are themselves. */
function expectNear(found: number | null, given: number | null, share: number) {
  if (given === null || given === 0 || found === null) expect(found).toBe(given)
  else expect(Math.abs(found - given) / given).toBeLessThan(share)
}

test.each(['node', 'site'] as const)('what is packed by %s is the same when it is unpacked', (by) => {
  for (let seed = 1; seed <= 20; seed++) {
    const rows = rowsOf(2 + seed)
    const cells = randomCells(seed, rows, by)
    const found = unpackCells(packCells(cells, by, AT), rows, AT)
    expect(found).toHaveLength(cells.length)
    for (const [place, cell] of cells.entries()) {
      const { rttMs, loss, evidenceAt, ...rest } = found[place] ?? cell
      expect(cell).toMatchObject(rest)
      expectNear(rttMs, cell.rttMs, 0.007)
      expectNear(loss, cell.loss, 0.065)
      expectNear(evidenceAt && AT - evidenceAt, cell.evidenceAt && AT - cell.evidenceAt, 0.006)
    }
  }
})

test('what is measured in two digits is read as it was', () => {
  const [cell] = randomCells(1, rowsOf(2), 'node')
  if (!cell) throw new Error('two rows have a pair')
  for (let rttMs = 0.1; rttMs < 10; rttMs += 0.1) {
    const given = Number(rttMs.toFixed(1))
    const [found] = unpackCells(packCells([{ ...cell, rttMs: given }], 'node', AT), rowsOf(2), AT)
    expect(found?.rttMs?.toFixed(1)).toBe(given.toFixed(1))
  }
})

test('300 nodes are six letters for each pair, whatever is measured', () => {
  const rows = rowsOf(300)
  const cells = randomCells(7, rows, 'node')
  const bytes = JSON.stringify(packCells(cells, 'node', AT)).length
  expect(cells).toHaveLength(44_850)
  expect((bytes - 60) / cells.length).toBeLessThanOrEqual(6)
  expect(bytes).toBeLessThan(300_000)
})

test('what is larger than the scale is its end, and what was cut short is not known', () => {
  const rows = rowsOf(2)
  const [cell] = randomCells(1, rows, 'node')
  if (!cell) throw new Error('two rows have a pair')
  const packed = packCells([{ ...cell, rttMs: 1e12 }], 'node', AT)
  expect(unpackCells(packed, rows, AT)[0]?.rttMs).toBeGreaterThan(90_000)
  expect(unpackCells({ ...packed, rtt: '' }, rows, AT)[0]?.rttMs).toBeNull()
})
