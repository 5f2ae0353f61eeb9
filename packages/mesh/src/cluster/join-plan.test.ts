import { expect, test } from 'vitest'
import { type JoinAction, type JoiningCluster, type JoiningNode, joinPlan } from './join-plan.ts'

const now = 1_790_000_000_000
const node = (name: string, ordinal: number, over: Partial<JoiningNode> = {}): JoiningNode => ({
  id: name,
  name,
  ordinal,
  role: name.startsWith('server') ? 'server' : 'agent',
  isAtWork: true,
  heardAt: now - 2000,
  isTunnelUp: true,
  k3s: 'absent',
  preflight: 'clear',
  failure: null,
  isRegistered: false,
  isReady: false,
  isProven: false,
  tokenUntil: null,
  mintAskedAt: null,
  ...over,
})
const done: Partial<JoiningNode> = { k3s: 'running', isRegistered: true, isReady: true, isProven: true }
const founded: JoiningCluster = { datastore: 'etcd', founderId: 'server-1', hasServerToken: true }
const empty: JoiningCluster = { datastore: 'etcd', founderId: null, hasServerToken: false }
const plan = (cluster: JoiningCluster, ...nodes: JoiningNode[]) =>
  Object.fromEntries(joinPlan(cluster, nodes, now)) as Record<string, JoinAction>

test('the first server makes the cluster, and the others wait for it by name', () => {
  expect(plan(empty, node('home-1', 1), node('server-2', 3), node('server-1', 2, { heardAt: now - 14_000 }))).toEqual({
    'home-1': { do: 'wait', for: 'server-1', sentence: 'waiting for server-1, last heard 14 s ago' },
    'server-1': { do: 'install', as: 'server-first', via: null },
    'server-2': { do: 'wait', for: 'server-1', sentence: 'waiting for server-1, last heard 14 s ago' },
  })
})

test('a cluster without a server says so', () =>
  expect(plan(empty, node('home-1', 1))['home-1']).toEqual({
    do: 'wait',
    for: null,
    sentence: 'waiting for a server: the cluster has none yet',
  }))

test('a founder that is invited only is waited for', () =>
  expect(plan(empty, node('home-1', 1), node('server-1', 2, { heardAt: null }))['home-1']).toMatchObject({
    sentence: 'waiting for server-1, which has not joined yet',
  }))

test.each([
  { it: 'installs', over: { k3s: 'installing' }, says: 'server-1 installs k3s' },
  { it: 'runs', over: { k3s: 'running' }, says: 'k3s runs on server-1, and Kubernetes does not list it yet' },
  {
    it: 'is registered',
    over: { k3s: 'running', isRegistered: true },
    says: 'server-1 is registered, and not Ready yet',
  },
  {
    it: 'is Ready',
    over: { k3s: 'running', isRegistered: true, isReady: true },
    says: 'server-1 is Ready, and no pod on it has answered yet',
  },
] as const)('a node that $it is watched', ({ over, says }) =>
  expect(plan(founded, node('server-1', 1, over))['server-1']).toEqual({ do: 'watch', sentence: says }),
)

test('a server whose k3s was stopped is waited for', () =>
  expect(plan(founded, node('server-1', 1, { ...done, k3s: 'installing' }), node('home-1', 2))['home-1']).toEqual({
    do: 'wait',
    for: 'server-1',
    sentence: 'waiting for server-1, where k3s does not run, last heard 2 s ago',
  }))

test('a node that is proven is left alone', () =>
  expect(plan(founded, node('server-1', 1, done))['server-1']).toEqual({ do: 'nothing' }))

test.each<{ it: string; over: Partial<JoiningNode>; want: Partial<JoinAction> }>([
  {
    it: 'has a token made for it',
    over: {},
    want: {
      do: 'mint-token',
      on: 'server-1',
      sentence: 'waiting for server-1 to mint a join token, last heard 2 s ago',
    },
  },
  {
    it: 'waits for the answer',
    over: { mintAskedAt: now - 4000 },
    want: { do: 'wait', sentence: 'waiting for server-1 to mint a join token, asked 4 s ago, last heard 2 s ago' },
  },
  {
    it: 'asks again when no answer comes',
    over: { mintAskedAt: now - 90_001 },
    want: {
      do: 'mint-token',
      on: 'server-1',
      sentence: 'waiting for server-1 to mint a join token, asked 90 s ago, last heard 2 s ago',
    },
  },
  {
    it: 'installs with its token',
    over: { tokenUntil: now + 600_000, mintAskedAt: now - 5000 },
    want: { do: 'install', as: 'agent', via: 'server-1' },
  },
  { it: 'does not start with a token that ends', over: { tokenUntil: now + 60_000 }, want: { do: 'mint-token' } },
  {
    it: 'waits for its own tunnel',
    over: { isTunnelUp: false },
    want: { do: 'wait', sentence: 'waiting for the tunnel of home-1' },
  },
  {
    it: 'waits while it is paused',
    over: { isAtWork: false },
    want: { do: 'wait', sentence: 'home-1 is not at work in the network' },
  },
  {
    it: 'stops when it failed',
    over: { k3s: 'failed', failure: 'the installer has another SHA-256' },
    want: { do: 'stopped', sentence: 'home-1: the installer has another SHA-256' },
  },
])('an agent $it', ({ over, want }) =>
  expect(plan(founded, node('server-1', 1, done), node('home-1', 2, over))['home-1']).toMatchObject(want),
)

test('two agents join at once', () => {
  const actions = plan(
    founded,
    node('server-1', 1, done),
    node('home-1', 2, { k3s: 'installing' }),
    node('home-2', 3, { tokenUntil: now + 600_000 }),
  )
  expect(actions['home-2']).toMatchObject({ do: 'install', as: 'agent' })
})

test('servers join one at a time, in the order of their places', () => {
  const [two, three] = [node('server-2', 2), node('server-3', 3)]
  expect(plan(founded, node('server-1', 1, done), two, three)).toMatchObject({
    'server-2': { do: 'install', as: 'server', via: 'server-1' },
    'server-3': { do: 'wait', for: 'server-2', sentence: 'waiting for server-2 to finish: servers join one at a time' },
  })
  const busy = node('server-3', 3, { k3s: 'installing' })
  expect(plan(founded, node('server-1', 1, done), two, busy)['server-2']).toMatchObject({ do: 'wait', for: 'server-3' })
})

test.each([
  { it: 'failed', over: { k3s: 'failed' } },
  { it: 'is paused', over: { isAtWork: false } },
  { it: 'has no tunnel yet', over: { isTunnelUp: false } },
  { it: 'is Ready', over: { k3s: 'running', isReady: true, isRegistered: true } },
] as const)('a server that $it holds no other up', ({ over }) =>
  expect(
    plan(founded, node('server-1', 1, done), node('server-2', 2, over), node('server-3', 3))['server-3'],
  ).toMatchObject({ do: 'install', as: 'server' }),
)

test('a further server waits until the first has told its token', () =>
  expect(
    plan({ ...founded, hasServerToken: false }, node('server-1', 1, done), node('server-2', 2))['server-2'],
  ).toMatchObject({
    do: 'wait',
    for: 'server-1',
    sentence: 'waiting for server-1 to tell the token of the cluster, last heard 2 s ago',
  }))

test('SQLite has no second server', () =>
  expect(
    plan({ ...founded, datastore: 'sqlite' }, node('server-1', 1, done), node('server-2', 2))['server-2'],
  ).toMatchObject({ do: 'stopped', sentence: expect.stringContaining('SQLite') }))

test('when the founder is away another live server serves', () => {
  const nodes = [node('server-1', 1, { ...done, heardAt: now - 600_000 }), node('server-2', 2, done), node('home-1', 3)]
  expect(plan(founded, ...nodes)['home-1']).toMatchObject({ do: 'mint-token', on: 'server-2' })
})

test('a founder that is silent, cut off or not Ready is waited for, with the age of its last word', () => {
  for (const over of [
    { heardAt: now - 600_000 },
    { isTunnelUp: false, heardAt: now - 600_000 },
    { isReady: false, isProven: false, heardAt: now - 600_000 },
  ]) {
    expect(plan(founded, node('server-1', 1, { ...done, ...over }), node('home-1', 2))['home-1']).toEqual({
      do: 'wait',
      for: 'server-1',
      sentence: 'waiting for server-1, last heard 10 min ago',
    })
  }
})

test('a founder that failed is named with its reason, and nobody takes its place', () => {
  const actions = plan(empty, node('server-1', 1, { k3s: 'failed', failure: 'no space left' }), node('server-2', 2))
  expect(actions['server-1']).toMatchObject({ do: 'stopped' })
  expect(actions['server-2']).toEqual({
    do: 'wait',
    for: 'server-1',
    sentence: 'waiting for server-1, where k3s failed: no space left',
  })
})

test('the order of the rows does not matter', () => {
  const nodes = [
    node('server-1', 1, done),
    node('server-2', 2),
    node('server-3', 3),
    node('home-1', 4),
    node('home-2', 5, { tokenUntil: now + 1e6 }),
  ]
  expect(plan(founded, ...[...nodes].reverse())).toEqual(plan(founded, ...nodes))
})

test('nobody installs before its machine was looked at, and what is found there is what it says', () => {
  const found = { sentence: 'caddy listens on TCP 6443, which the API server needs', fix: 'Stop that program.' }
  expect(plan(empty, node('server-1', 1, { preflight: 'unknown' }))['server-1']).toEqual({
    do: 'wait',
    for: null,
    sentence: 'waiting for server-1 to tell what it finds on itself',
  })
  const held = plan(empty, node('server-1', 1, { preflight: found }), node('home-1', 2))
  expect(held['server-1']).toEqual({
    do: 'stopped',
    sentence: 'server-1: caddy listens on TCP 6443, which the API server needs',
    fix: 'Stop that program.',
  })
  expect(held['home-1']).toMatchObject({
    do: 'wait',
    for: 'server-1',
    sentence:
      'waiting for server-1, where something stands in the way of k3s: caddy listens on TCP 6443, which the API server needs',
  })
  const agent = plan(founded, node('server-1', 1, done), node('home-1', 2, { preflight: found }))
  expect(agent['home-1']).toMatchObject({ do: 'stopped' })
})

test('what is found later stops no k3s that is there', () => {
  const found = { sentence: 'the disk of /var/lib has 200 MB left', fix: 'Free some space.' }
  const running = plan(founded, node('server-1', 1, done), node('home-1', 2, { k3s: 'running', preflight: found }))
  expect(running['home-1']).toMatchObject({ do: 'watch' })
})

test("a server that is held is in no other one's way", () => {
  const found = { sentence: 'no default route', fix: 'Add one.' }
  const nodes = [node('server-1', 1, done), node('server-2', 2, { preflight: found }), node('server-3', 3)]
  expect(plan(founded, ...nodes)['server-3']).toMatchObject({ do: 'install', as: 'server' })
})
