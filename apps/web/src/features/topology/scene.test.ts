import { expect, test } from 'vitest'
import { pick } from './pick.ts'
import { buildScene } from './scene.ts'
import { litBy } from './selection.ts'
import { testEdge, testNode } from './test-graph.ts'

const view = { x: 0, y: 0, k: 1 }
const unlit = { nodes: new Set<string>(), edges: new Set<string>(), bundles: new Set<string>() }

/** A gateway at 0,0 and a site of three at x = 400; its tunnels run together. */
const graph = {
  nodes: [
    testNode('gw', { role: 'gateway' }),
    ...['a', 'b', 'c'].map((id) => testNode(id, { siteId: 's', siteName: 'home' })),
    testNode('alone'),
    testNode('nowhere'),
  ],
  edges: [
    testEdge('gw', 'a', { rttMs: 10, rate: 100 }),
    testEdge('gw', 'b', { rttMs: 30, rate: 50 }),
    testEdge('gw', 'c', { status: 'down' }),
    testEdge('gw', 'alone', { rttMs: 1 }),
  ],
}
const places = new Map([
  ['gw', { x: 0, y: 0 }],
  ['a', { x: 400, y: 0 }],
  ['b', { x: 420, y: 40 }],
  ['c', { x: 420, y: -40 }],
  ['alone', { x: 0, y: 200 }],
])
const scene = buildScene(graph, places)

test('a node without a place yet is not drawn at a made-up one', () =>
  expect([...scene.byId.keys()]).toEqual(['gw', 'a', 'b', 'c', 'alone']))

test('tunnels of a site run together, those of one look in one lane, and a dead one apart', () => {
  const [bundle] = scene.bundles
  expect(scene.bundles).toHaveLength(1)
  expect(bundle?.lanes.map(({ look, edges, rate, rttMs }) => [look, edges.length, rate, rttMs])).toEqual([
    ['up', 2, 150, 10],
    ['down', 1, 0, null],
  ])
  expect(scene.strands.filter((strand) => strand.bundle === null).map(({ edge }) => edge.id)).toEqual(['gw.alone'])
})

test('the site is outlined and counted, with what is in trouble', () => {
  const site = scene.sites.get('s')
  expect([site?.name, site?.members.length, site?.troubled]).toEqual(['home', 3, 0])
  for (const placed of site?.members ?? [])
    expect(Math.hypot(placed.x - (site?.x ?? 0), placed.y - (site?.y ?? 0))).toBeLessThan(site?.radius ?? 0)
})

test.each([
  { it: 'the node under it', x: 3, y: 3, want: ['node', 'gw'] },
  { it: 'a tunnel of its own', x: 3, y: 100, want: ['edge', 'gw.alone'] },
  { it: 'a bundle', x: 200, y: -3, want: ['bundle', 's~gw'] },
  { it: 'nothing beside them', x: 200, y: 90, want: undefined },
  { it: 'nothing beyond an end', x: 0, y: 260, want: undefined },
])('the pointer finds $it', ({ x, y, want }) => {
  const picked = pick(scene, { view, lit: unlit }, x, y)
  expect(picked ? [picked.kind, picked.id] : undefined).toEqual(want)
})

test('a finger finds what an arrow just misses', () => {
  expect(pick(scene, { view, lit: unlit }, 11, 100, 'mouse')).toBeNull()
  expect(pick(scene, { view, lit: unlit }, 11, 100, 'touch')?.id).toBe('gw.alone')
})

test('a node lights its tunnels and their other ends', () => {
  const lit = litBy(scene, { kind: 'node', id: 'a' })
  expect([[...lit.nodes].sort(), [...lit.edges], [...lit.bundles]]).toEqual([['a', 'gw'], ['gw.a'], ['s~gw']])
})

test('facts that no node has get no arc', () => expect(scene.facts).toEqual(['reporting', 'tunnels']))
