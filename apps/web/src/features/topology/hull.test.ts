import { expect, test } from 'vitest'
import { HULL_PAD, outline, rimDistance } from './hull.ts'

const ring = [0, 1, 2, 3, 4, 5].map((step) => ({
  x: 100 + 50 * Math.cos((step * Math.PI) / 3),
  y: 50 * Math.sin((step * Math.PI) / 3),
}))
const row = [0, 1, 2, 3, 4, 5].map((step) => ({ x: step * 40, y: step % 2 }))

test('a round site is a disc around its nodes', () => {
  const { x, y, radius, hull } = outline(ring)
  expect([Math.round(x), Math.round(y), Math.round(radius), hull.kind]).toEqual([100, 0, 50 + HULL_PAD, 'disc'])
})

test('nodes in a row are outlined as a row', () => expect(outline(row).hull.kind).toBe('polygon'))

test.each([1, 2])('%s alone has room around it', (count) => {
  const { radius } = outline(ring.slice(0, count))
  expect(radius).toBeGreaterThanOrEqual(HULL_PAD)
})

test('the rim of a row is near above it and far at its end', () => {
  const site = outline(row)
  expect(rimDistance(site, 0, -1)).toBeLessThan(30)
  expect(rimDistance(site, 1, 0)).toBeGreaterThan(100)
})
