import { expect, test } from 'vitest'
import type { ClusterSettings } from './cluster-settings.ts'
import { configDiff } from './config-diff.ts'
import { configEntries } from './config-entries.ts'
import { full, plain } from './golden-clusters.ts'
import { nextRolloutMove, planRollout, type RolloutNode, type RolloutProgress } from './rollout.ts'

const now = 1_790_000_000_000
const entries = (
  cluster: ClusterSettings,
  name: string,
  role: 'server' | 'agent',
  labels: Record<string, string> = {},
) =>
  configEntries(
    cluster,
    { name, address4: '10.77.0.9', address6: 'fd12::9', labels, taints: [], zone: null, region: null },
    role === 'server'
      ? { role: 'server-first', interfaceName: 'span0', serverAddress: null }
      : { role, interfaceName: 'span0', serverAddress: '10.77.0.1' },
  )
const node = (name: string, ordinal: number, after: ClusterSettings, before: ClusterSettings = plain): RolloutNode => {
  const role = name.startsWith('server') ? 'server' : 'agent'
  return {
    id: name,
    name,
    ordinal,
    role,
    before: entries(before, name, role),
    after: entries(after, name, role),
    hasHiddenChange: false,
  }
}

test('nothing changed is nothing to do', () => {
  expect(planRollout([node('server-1', 1, plain), node('home-1', 2, plain)])).toEqual({
    steps: [],
    unchanged: ['server-1', 'home-1'],
    refused: [],
    cuts: [],
  })
  expect(nextRolloutMove(planRollout([]), new Map(), now)).toEqual({ do: 'done' })
})

test('a change of the servers leaves agents alone, and is shown key by key', () => {
  const after: ClusterSettings = { ...plain, disable: ['traefik'], tlsSans: ['k3s.example.org'] }
  const rollout = planRollout([node('home-1', 2, after), node('server-1', 1, after)])
  expect(rollout.unchanged).toEqual(['home-1'])
  expect(rollout.steps).toEqual([
    {
      nodeId: 'server-1',
      name: 'server-1',
      restarts: true,
      changes: [
        { key: 'disable', before: null, after: 'traefik', effect: 'restart', note: null },
        {
          key: 'tls-san',
          before: '10.77.0.9, server-1',
          after: '10.77.0.9, server-1, k3s.example.org',
          effect: 'restart',
          note: null,
        },
      ],
    },
  ])
})

test('servers come first, each kind in the order of its places', () => {
  const after: ClusterSettings = { ...plain, flannelBackend: 'none' }
  const rollout = planRollout([
    node('home-1', 1, after),
    node('server-2', 4, after),
    node('home-2', 2, after),
    node('server-1', 3, after),
  ])
  expect(rollout.steps.map(({ name }) => name)).toEqual(['server-1', 'server-2', 'home-1', 'home-2'])
  expect(rollout.cuts).toContainEqual(expect.stringContaining('flannel-backend: Nodes with different backends'))
})

test.each<{ it: string; after: Partial<ClusterSettings>; key: string }>([
  { it: 'the pod range', after: { podRange4: '10.44.0.0/16' }, key: 'cluster-cidr' },
  { it: 'the service range', after: { serviceRange4: '10.45.0.0/16' }, key: 'service-cidr' },
  { it: 'the domain', after: { clusterDomain: 'k8s.local' }, key: 'cluster-domain' },
  { it: 'the datastore', after: { datastore: 'etcd' }, key: 'cluster-init' },
  { it: 'encryption', after: { secretsEncryption: 'aescbc' }, key: 'secrets-encryption' },
])('$it cannot be changed by a restart', ({ after, key }) => {
  const { refused } = planRollout([node('server-1', 1, { ...plain, ...after })])
  expect(refused).toContainEqual({
    name: 'server-1',
    change: expect.objectContaining({ key, effect: 'never', note: expect.stringMatching(/\.$/) }),
  })
})

test('labels go through the API and restart nothing', () => {
  const changed = { ...node('home-1', 1, plain), after: entries(plain, 'home-1', 'agent', { disk: 'ssd' }) }
  expect(planRollout([changed]).steps).toMatchObject([
    { restarts: false, changes: [{ key: 'node-label', effect: 'api' }] },
  ])
})

test('a secret that changes is a step without a line', () =>
  expect(planRollout([{ ...node('server-1', 1, plain), hasHiddenChange: true }]).steps).toEqual([
    { nodeId: 'server-1', name: 'server-1', changes: [], restarts: true },
  ]))

test('a list is compared as a whole', () => {
  expect(
    configDiff(entries(full, 'server-1', 'server'), entries({ ...full, disable: ['servicelb'] }, 'server-1', 'server')),
  ).toEqual([{ key: 'disable', before: 'servicelb, traefik', after: 'servicelb', effect: 'restart', note: null }])
})

const after: ClusterSettings = { ...plain, flannelBackend: 'none' }
const three = planRollout([node('server-1', 1, after), node('home-1', 2, after), node('home-2', 3, after)])
const progress = (over: Partial<RolloutProgress>): RolloutProgress => ({
  toldAt: null,
  hasApplied: false,
  failure: null,
  isReady: true,
  readySince: now - 1e6,
  heardAt: now - 3000,
  ...over,
})
const back = progress({ toldAt: now - 60_000, hasApplied: true, readySince: now - 30_000 })
const move = (...states: RolloutProgress[]) =>
  nextRolloutMove(three, new Map(states.map((state, i) => [['server-1', 'home-1', 'home-2'][i] ?? '', state])), now)

test.each([
  { it: 'begins with the first server', states: [progress({})], want: { do: 'apply', nodeId: 'server-1' } },
  {
    it: 'waits for it',
    states: [progress({ toldAt: now - 9000 })],
    want: { do: 'wait', sentence: 'waiting for server-1 to take the new settings, told 9 s ago' },
  },
  {
    it: 'waits for Ready',
    states: [progress({ toldAt: now - 9000, hasApplied: true, isReady: false, readySince: null })],
    want: { do: 'wait', sentence: 'waiting for server-1 to be Ready again, told 9 s ago' },
  },
  {
    it: 'watches a Ready that is new',
    states: [progress({ toldAt: now - 30_000, hasApplied: true, readySince: now - 5000 })],
    want: { do: 'wait', sentence: 'server-1 is Ready again; watching whether it stays so' },
  },
  {
    it: 'does not take the Ready of before for one of after',
    states: [progress({ toldAt: now - 5000, hasApplied: true, readySince: now - 1e6 })],
    want: { do: 'wait' },
  },
  { it: 'goes on when it is back', states: [back, progress({})], want: { do: 'apply', nodeId: 'home-1' } },
  { it: 'ends when all are back', states: [back, back, back], want: { do: 'done' } },
] as { it: string; states: RolloutProgress[]; want: object }[])('a rollout $it', ({ states, want }) =>
  expect(move(...states)).toMatchObject(want),
)

test('it stops at the first that does not come back, and says who was not touched', () => {
  expect(
    move(
      back,
      progress({ toldAt: now - 301_000, hasApplied: true, isReady: false, readySince: null, heardAt: now - 290_000 }),
    ),
  ).toEqual({
    do: 'stop',
    nodeId: 'home-1',
    sentence: 'home-1 is not Ready with the new settings 5 min after it was told; it was last heard 4 min ago',
    fix: expect.stringContaining('spanwire doctor'),
    untouched: ['home-2'],
  })
  expect(move(progress({ toldAt: now - 5000, failure: 'k3s refused flannel-backend' }))).toMatchObject({
    do: 'stop',
    nodeId: 'server-1',
    untouched: ['home-1', 'home-2'],
  })
})

test('a node that was ill before is not touched', () =>
  expect(move(back, progress({ isReady: false }))).toMatchObject({
    do: 'stop',
    nodeId: 'home-1',
    sentence: 'home-1 was not Ready before the change reached it',
    untouched: ['home-1', 'home-2'],
  }))
