import { expect, test } from 'vitest'
import type { Graph, GraphNode } from './graph.ts'
import { buildScene } from './scene.ts'

const fact = { status: 'good', text: '', at: null } as const
const node = (id: string): GraphNode => ({
  ...{ id, name: id, role: 'member', state: 'active', siteId: null, siteName: null, labels: {}, address4: null },
  ...{ facts: { reporting: fact, tunnels: fact, cluster: fact }, rxRate: null, txRate: null },
})
const measured = { status: 'up', text: '', evidenceAt: null, rttMs: 1, loss: 0, rate: 0 } as const
const graph: Graph = { nodes: [node('a'), node('b'), node('c')], edges: [{ id: 'a:b', a: 'a', b: 'b', ...measured }] }
const places = new Map([
  ['a', { x: 0, y: 0 }],
  ['b', { x: 100, y: 0 }],
])

test('a node without a place yet is not drawn at a made-up one', () => {
  expect(buildScene(graph, places).nodes.map((placed) => placed.node.id)).toEqual(['a', 'b'])
})

test.each([
  { it: 'the node under it', x: 3, y: 3, node: 'a', edge: 'a:b' },
  { it: 'the edge between two nodes', x: 50, y: 3, node: undefined, edge: 'a:b' },
  { it: 'nothing beside both', x: 50, y: 40, node: undefined, edge: undefined },
  { it: 'nothing beyond the end of an edge', x: 140, y: 0, node: undefined, edge: undefined },
])('the pointer finds $it', ({ x, y, node, edge }) => {
  const scene = buildScene(graph, places)
  expect(scene.nodeAt(x, y, 4)?.node.id).toBe(node)
  expect(scene.edgeAt(x, y, 6)?.edge.id).toBe(edge)
})
