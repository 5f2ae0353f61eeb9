import { expect, test } from 'vitest'
import { ageGraph } from './age-graph.ts'
import { testEdge, testNode } from './test-graph.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()

test.each([
  { status: 'up', seconds: 44, want: 'up' },
  { status: 'up', seconds: 46, want: 'stale' },
  { status: 'one-way', seconds: 46, want: 'stale' },
  { status: 'down', seconds: 46, want: 'stale' },
  { status: 'unknown', seconds: 46, want: 'unknown' },
] as const)('a tunnel $status $seconds s ago is $want while no answer comes', ({ status, seconds, want }) => {
  const edge = testEdge('a', 'b', { status, evidenceAt: ago(seconds), rttMs: 9, rate: 5 })
  const [aged] = ageGraph({ nodes: [], edges: [edge] }, now).edges
  expect(aged?.status).toBe(want)
  if (want === 'stale') expect(aged).toMatchObject({ rttMs: null, rate: 0 })
  else expect(aged).toBe(edge)
})

test('a good fact of long ago is not known; a bad one stays bad', () => {
  const node = testNode('a', {
    facts: {
      reporting: { status: 'good', text: 'reports, last 2 s ago', at: ago(60) },
      tunnels: { status: 'bad', text: '0 of 1 alive', at: ago(60) },
      cluster: { status: 'good', text: 'Ready', at: ago(5) },
    },
  })
  const [aged] = ageGraph({ nodes: [node], edges: [] }, now).nodes
  expect(Object.values(aged?.facts ?? {}).map(({ status }) => status)).toEqual(['unknown', 'bad', 'good'])
  expect(aged?.facts.reporting.text).toContain('the last this page heard')
})
