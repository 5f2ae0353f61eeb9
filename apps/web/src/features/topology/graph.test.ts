import { expect, test } from 'vitest'
import { inTrouble, shapeKey, worstStatus } from './graph.ts'
import { testEdge, testNode } from './test-graph.ts'

test('a refresh of measurements keeps the shape, so the layout does not start', () => {
  const before = { nodes: [testNode('a'), testNode('b')], edges: [testEdge('a', 'b', { rttMs: 10 })] }
  const after = { nodes: [testNode('b', { rxRate: 5 }), testNode('a')], edges: [testEdge('a', 'b', { rttMs: 99 })] }
  expect(shapeKey(after)).toBe(shapeKey(before))
})

test('a node that joins, leaves or moves to another site changes the shape', () => {
  const before = { nodes: [testNode('a')], edges: [] }
  expect(shapeKey({ nodes: [testNode('a'), testNode('b')], edges: [] })).not.toBe(shapeKey(before))
  expect(shapeKey({ nodes: [testNode('a', { siteId: 's' })], edges: [] })).not.toBe(shapeKey(before))
})

const fact = (status: 'good' | 'warn' | 'bad' | 'unknown' | 'none') => ({ status, text: '', at: null })

test.each([
  { reporting: 'good', tunnels: 'bad', worst: 'bad', trouble: true },
  { reporting: 'warn', tunnels: 'good', worst: 'warn', trouble: true },
  { reporting: 'unknown', tunnels: 'good', worst: 'unknown', trouble: false },
  { reporting: 'good', tunnels: 'none', worst: 'good', trouble: false },
] as const)('reports $reporting and tunnels $tunnels are $worst at worst', ({ reporting, tunnels, worst, trouble }) => {
  const node = testNode('a', {
    facts: { reporting: fact(reporting), tunnels: fact(tunnels), cluster: fact('none') },
  })
  expect([worstStatus(node), inTrouble(node)]).toEqual([worst, trouble])
})

test('a quarantined node is in trouble whatever its facts say', () =>
  expect(inTrouble(testNode('a', { state: 'quarantined' }))).toBe(true))
