import { expect, test } from 'vitest'
import { type LayoutInput, layout } from './layout.ts'

function settle(input: LayoutInput): Map<string, { x: number; y: number }> {
  const simulation = layout(input)
  simulation.tick(250)
  return new Map(simulation.nodes().map((body) => [body.id, { x: body.x ?? Number.NaN, y: body.y ?? Number.NaN }]))
}

const star = (members: number): LayoutInput => ({
  nodes: [
    { id: 'gw', site: null, gateway: true },
    ...Array.from({ length: members }, (_, index) => ({ id: `m${index}`, site: `s${index % 3}`, gateway: false })),
  ],
  edges: Array.from({ length: members }, (_, index) => ({ a: 'gw', b: `m${index}` })),
})

test('the same network gets the same places', () => {
  expect(settle(star(12))).toEqual(settle(star(12)))
})

test('nodes that have a place keep it when another joins, and the newcomer begins beside its gateway', () => {
  const before = settle(star(12))
  const grown = star(13)
  const after = settle({
    ...grown,
    nodes: grown.nodes.map((node) => ({ ...node, ...before.get(node.id) })),
  })
  for (const [id, at] of before) expect(after.get(id)).toEqual(at)
  expect(after.get('m12')).toBeDefined()
})

test('no two nodes stand on each other', () => {
  const places = [...settle(star(40)).values()]
  for (const [index, one] of places.entries())
    for (const other of places.slice(index + 1)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(8)
})
