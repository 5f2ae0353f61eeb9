import { expect, test } from 'vitest'
import { type Graph, type GraphNode, kept, neighbours, shapeKey } from './graph.ts'

const well = { status: 'good', text: 'reporting', at: null } as const
const facts = { reporting: well, tunnels: well, cluster: { status: 'none', text: 'no cluster', at: null } } as const

function node(id: string, more: Partial<GraphNode> = {}): GraphNode {
  return {
    ...{ id, name: id, role: 'member', state: 'active', siteId: null, siteName: null, labels: {}, address4: null },
    ...{ facts, rxRate: null, txRate: null },
    ...more,
  }
}

function edge(a: string, b: string, rttMs: number | null = null): Graph['edges'][number] {
  return { id: `${a}:${b}`, a, b, status: 'up', text: '', evidenceAt: null, rttMs, loss: null, rate: 0 }
}

test('a refresh of measurements keeps the shape, so the layout does not start', () => {
  const before: Graph = { nodes: [node('a'), node('b')], edges: [edge('a', 'b', 10)] }
  const after: Graph = { nodes: [node('b', { rxRate: 5 }), node('a')], edges: [edge('a', 'b', 99)] }
  expect(shapeKey(after)).toBe(shapeKey(before))
})

test('a node that joins, leaves or moves to another site changes the shape', () => {
  const before: Graph = { nodes: [node('a')], edges: [] }
  expect(shapeKey({ nodes: [node('a'), node('b')], edges: [] })).not.toBe(shapeKey(before))
  expect(shapeKey({ nodes: [node('a', { siteId: 's' })], edges: [] })).not.toBe(shapeKey(before))
})

test.each([
  { it: 'a part of the name', text: 'HOM', want: ['home-1'] },
  { it: 'an address', text: '10.77.0.9', want: ['gw'] },
  { it: 'a label', text: 'disk=ssd', want: ['home-1'] },
  { it: 'nothing that is there', text: 'zzz', want: [] },
])('search finds $it', ({ text, want }) => {
  const nodes = [node('home-1', { labels: { disk: 'ssd' } }), node('gw', { address4: '10.77.0.9' })]
  expect([...(kept({ nodes, edges: [] }, { text, site: null, trouble: false }) ?? [])]).toEqual(want)
})

test('an empty filter dims nothing', () => {
  expect(kept({ nodes: [node('a')], edges: [] }, { text: ' ', site: null, trouble: false })).toBeNull()
})

test('trouble keeps what is not well', () => {
  const bad = { ...facts, reporting: { status: 'bad', text: 'silent', at: null } } as const
  const graph = { nodes: [node('a'), node('b', { facts: bad })], edges: [] }
  expect([...(kept(graph, { text: '', site: null, trouble: true }) ?? [])]).toEqual(['b'])
})

test('arrows walk measured edges, in the order of names', () => {
  const graph = { nodes: [node('c'), node('a'), node('b')], edges: [edge('a', 'c'), edge('a', 'b')] }
  expect(neighbours(graph).get('a')).toEqual(['b', 'c'])
})
