import { zoomIdentity } from 'd3-zoom'
import { expect, test } from 'vitest'
import { fitted, revealed } from './use-view.ts'

const size = { width: 1000, height: 600 }
const insets = { top: 50, right: 400, bottom: 50, left: 0 }

test('fitting puts the whole into what nothing covers', () => {
  const { x, y, k } = fitted({ x0: -2000, y0: -300, x1: 2000, y1: 300 }, size, insets)
  expect(-2000 * k + x).toBeGreaterThanOrEqual(0)
  expect(2000 * k + x).toBeLessThanOrEqual(600)
  expect(k).toBeLessThan(0.2)
  expect(y).toBeCloseTo(300)
})

test('a small network is not blown up', () => expect(fitted({ x0: 0, y0: 0, x1: 0, y1: 0 }, size, insets).k).toBe(1.5))

test('what is in sight already does not move', () => {
  const view = zoomIdentity.translate(100, 100)
  expect(revealed({ x: 100, y: 100 }, view, size, insets)).toMatchObject({ x: 100, y: 100, k: 1 })
})

test('what is behind the panel comes out from behind it, and no further', () => {
  const { x, y, k } = revealed({ x: 800, y: 200 }, zoomIdentity, size, insets)
  expect([800 * k + x, 200 * k + y]).toEqual([540, 200])
})

test('a speck is brought near', () => expect(revealed({ x: 0, y: 0 }, zoomIdentity.scale(0.1), size, insets).k).toBe(1))
