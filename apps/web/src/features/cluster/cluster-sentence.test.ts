import { defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { expect, test } from 'vitest'
import type { ClusterNode, Settings } from './cluster-detail.ts'
import { clusterSentence } from './cluster-sentence.ts'
import { readyWord } from './ready-word.ts'

const settings = defaultClusterSettings('home', { kind: 'channel', channel: 'stable' }) as Settings
const node = (role: 'server' | 'agent', ready: boolean | null): ClusterNode =>
  ({ role, ready, cordoned: false, removal: null, status: ready ? 'good' : 'bad' }) as ClusterNode

test.each([
  { it: 'without machines', nodes: [], made: false, want: 'k3s channel stable. No machine has a part in it yet.' },
  {
    it: 'before its first server is up',
    nodes: [node('server', null)],
    made: false,
    want: 'k3s channel stable · 0 of 1 Ready · 1 server · not made yet',
  },
  {
    it: 'whose first server has not told by what others join',
    nodes: [node('server', true), node('agent', null)],
    made: false,
    want: 'k3s channel stable · 1 of 2 Ready · 1 server · its join token is not here yet',
  },
  {
    it: 'with one that is not Ready',
    nodes: [node('server', true), node('server', true), node('agent', false)],
    made: true,
    want: 'k3s channel stable · 2 of 3 Ready · 2 servers',
  },
])('a cluster $it', ({ nodes, made, want }) => expect(clusterSentence({ settings, nodes, made })).toBe(want))

test.each([
  { it: 'that nobody has listed', change: { ready: null }, want: 'not in it yet' },
  { it: 'of which no news is fresh', change: { status: 'unknown' as const }, want: 'was Ready' },
  { it: 'that is cordoned', change: { cordoned: true }, want: 'Ready, cordoned' },
  { it: 'on its way out', change: { removal: [] }, want: 'leaving' },
  { it: 'that is not Ready', change: { ready: false, status: 'bad' as const }, want: 'NotReady' },
])('a node $it is called "$want"', ({ change, want }) =>
  expect(readyWord({ ...node('agent', true), ...change })).toBe(want),
)
