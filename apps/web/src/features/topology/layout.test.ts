import { expect, test } from 'vitest'
import { layout } from './layout.ts'
import type { LayoutInput } from './layout-groups.ts'
import type { Point } from './point.ts'

const star = (members: number, sites = 3): LayoutInput => ({
  nodes: [
    { id: 'gw', site: 's0', gateway: true },
    ...Array.from({ length: members }, (_, index) => ({ id: `m${index}`, site: `s${index % sites}`, gateway: false })),
  ],
  edges: Array.from({ length: members }, (_, index) => ({ a: 'gw', b: `m${index}` })),
})
const loose = (members: number): LayoutInput => {
  const { nodes, edges } = star(members)
  return { nodes: nodes.map((node) => ({ ...node, site: null })), edges }
}
const seeded = (input: LayoutInput, places: ReadonlyMap<string, Point>): LayoutInput => ({
  ...input,
  nodes: input.nodes.map((node) => ({ ...node, at: places.get(node.id) })),
})
const distance = (a: Point | undefined, b: Point | undefined) =>
  Math.hypot((a?.x ?? NaN) - (b?.x ?? NaN), (a?.y ?? NaN) - (b?.y ?? NaN))

test('the same network gets the same places', () => expect(layout(star(40, 5))).toEqual(layout(star(40, 5))))

test.each([
  { it: 'sites', input: star(60, 7) },
  { it: 'nodes without a site', input: loose(30) },
  { it: 'one node', input: star(0) },
  { it: 'a thousand nodes', input: star(1000, 24) },
])('no two of $it stand on each other', ({ input }) => {
  const places = [...layout(input).values()]
  expect(places).toHaveLength(input.nodes.length)
  let least = Infinity
  for (const [index, one] of places.entries())
    for (const other of places.slice(index + 1)) least = Math.min(least, distance(one, other))
  expect(least).toBeGreaterThan(24)
})

test('nodes that have a place keep it when another joins, and the newcomer stands in its site', () => {
  const before = layout(star(30))
  const after = layout(seeded(star(31), before))
  for (const [id, at] of before) expect(after.get(id)).toEqual(at)
  const siblings = [...before].filter(([id]) => id !== 'gw' && Number(id.slice(1)) % 3 === 0)
  expect(Math.min(...siblings.map(([, at]) => distance(at, after.get('m30'))))).toBeLessThan(80)
})

test('a site that is new takes free room, and moves nobody', () => {
  const before = layout(star(30))
  const grown = star(30)
  grown.nodes.push(...['n1', 'n2', 'n3'].map((id) => ({ id, site: 'new', gateway: false })))
  grown.edges.push({ a: 'gw', b: 'n1' })
  const after = layout(seeded(grown, before))
  for (const [id, at] of before) expect(after.get(id)).toEqual(at)
  for (const [, at] of before) expect(distance(at, after.get('n1'))).toBeGreaterThan(50)
})

test('when so many join that sites would grow into each other, all is laid out anew', () => {
  const grown = star(900, 6)
  expect(layout(seeded(grown, layout(star(60, 6))))).toEqual(layout(grown))
})

test('a few nodes without a site stand around their gateway, evenly', () => {
  const places = layout(loose(4))
  const ways = [0, 1, 2, 3].map((index) => distance(places.get('gw'), places.get(`m${index}`)))
  expect(Math.max(...ways) - Math.min(...ways)).toBeLessThan(3)
})

test('the picture is as wide as what it is looked at through', () => {
  const shape = (aspect: number) => {
    const places = [...layout({ ...star(300, 14), aspect }).values()]
    const span = (values: number[]) => Math.max(...values) - Math.min(...values)
    return span(places.map(({ x }) => x)) / span(places.map(({ y }) => y))
  }
  expect(shape(1.8)).toBeGreaterThan(1.2)
  expect(shape(0.6)).toBeLessThan(0.9)
})

test('one more without a site halves the widest gap around the gateway', () => {
  const before = layout(loose(1))
  const after = layout(seeded(loose(2), before))
  expect(distance(after.get('m0'), after.get('m1'))).toBeCloseTo(300, -1)
})
