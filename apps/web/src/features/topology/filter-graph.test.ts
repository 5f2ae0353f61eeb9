import { expect, test } from 'vitest'
import { found, type GraphFilter, keptBy, labelsIn, narrowed } from './filter-graph.ts'
import { testEdge, testNode } from './test-graph.ts'

const bad = { status: 'bad', text: 'silent', at: null } as const
const none = { status: 'none', text: '', at: null } as const
const graph = {
  nodes: [
    testNode('gw', { role: 'gateway', address4: '10.77.0.1', siteId: 'f', siteName: 'frankfurt' }),
    testNode('home-1', { labels: { disk: 'ssd' }, siteId: 'h', siteName: 'home' }),
    testNode('home-2', { siteId: 'h', siteName: 'home', facts: { reporting: bad, tunnels: bad, cluster: none } }),
    testNode('next', { state: 'invited', facts: { reporting: none, tunnels: none, cluster: none } }),
  ],
  edges: [testEdge('gw', 'home-1'), testEdge('gw', 'home-2')],
}
const everything: GraphFilter = { site: null, role: null, status: null, label: null }

test.each<{ it: string; filter: Partial<GraphFilter>; want: string[] }>([
  { it: 'a site', filter: { site: 'h' }, want: ['home-1', 'home-2'] },
  { it: 'a role', filter: { role: 'gateway' }, want: ['gw'] },
  { it: 'a label', filter: { label: 'disk=ssd' }, want: ['home-1'] },
  { it: 'trouble', filter: { status: 'trouble' }, want: ['home-2'] },
  { it: 'what is well', filter: { status: 'well' }, want: ['gw', 'home-1'] },
  { it: 'who has not come yet', filter: { status: 'invited' }, want: ['next'] },
  { it: 'two things at once', filter: { site: 'h', status: 'well' }, want: ['home-1'] },
  { it: 'nothing that is there', filter: { site: 'x' }, want: [] },
])('a filter keeps $it', ({ filter, want }) => {
  expect([...(keptBy(graph, { ...everything, ...filter }) ?? [])]).toEqual(want)
})

test('an empty filter hides nothing', () => {
  expect(keptBy(graph, everything)).toBeNull()
  expect(narrowed(graph, null).nodes).toEqual(graph.nodes)
})

test('a tunnel has two ends: the other end of a kept node stays, as context', () => {
  const { nodes, edges, context } = narrowed(graph, new Set(['home-1']))
  expect(nodes.map(({ id }) => id)).toEqual(['gw', 'home-1'])
  expect(edges.map(({ id }) => id)).toEqual(['gw.home-1'])
  expect([...context]).toEqual(['gw'])
})

test('a gateway that is kept does not bring back all that hangs on it', () => {
  const { nodes, edges } = narrowed(graph, new Set(['gw', 'home-2']))
  expect(nodes.map(({ id }) => id)).toEqual(['gw', 'home-2'])
  expect(edges.map(({ id }) => id)).toEqual(['gw.home-2'])
})

test.each([
  { it: 'a part of a name', text: 'HOM', want: ['home-1', 'home-2'] },
  { it: 'an address', text: '10.77.0.1', want: ['gw'] },
  { it: 'a label', text: 'disk=ssd', want: ['home-1'] },
  { it: 'a site', text: 'frank', want: ['gw'] },
  { it: 'nothing that is there', text: 'zzz', want: [] },
  { it: 'nothing without a text', text: ' ', want: [] },
])('a search finds $it', ({ text, want }) => expect(found(graph, text).map(({ id }) => id)).toEqual(want))

test('names that begin so come first, and are counted as people count', () => {
  const nodes = ['my-home', 'home-10', 'home-9'].map((id) => testNode(id))
  expect(found({ nodes, edges: [] }, 'home').map(({ id }) => id)).toEqual(['home-9', 'home-10', 'my-home'])
})

test('the labels in use are offered once each', () =>
  expect(labelsIn({ nodes: [...graph.nodes, ...graph.nodes], edges: [] })).toEqual(['disk=ssd']))
