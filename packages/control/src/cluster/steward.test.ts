import { expect, test } from 'vitest'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { nodeLedger } from '../node/node-ledger.ts'
import { getCluster } from './get-cluster.ts'
import { setClusterNode } from './set-cluster-node.ts'
import { stewardCluster } from './steward.ts'
import {
  answer,
  bundleOf,
  CA,
  clusterScene,
  JOIN_TOKEN,
  k3s,
  kubeNode,
  NOON,
  openRequests,
  preflight,
  TOKEN,
  tunnel,
} from './test-k3s.ts'

const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

const lookAfter = (scene: Scene) => stewardCluster(scene.deps, scene.networkId)

async function asked(scene: Scene, kind: string) {
  return scene.sql<{ id: string; state: string; node_id: string; args: string[] }>(
    'SELECT id, state, node_id, args FROM node_requests WHERE kind = $1 ORDER BY created_at',
    [kind],
  )
}

const both = (server: Joined, agent: Joined) => ({ server, agent })

/** The first server has made its cluster and told what an agent needs. */
async function made(scene: Scene) {
  const { server, agent } = await clusterScene(scene)
  await report(scene, server, agent)
  await lookAfter(scene)
  const [read] = await asked(scene, 'k3s-read-server')
  await answer(scene, server, read?.id ?? '', { secret: `token ${TOKEN}\n${CA}` })
  return both(server, agent)
}

async function report(scene: Scene, server: Joined, agent: Joined) {
  await server.sync({
    blocks:
      tunnel(agent) +
      k3s({ subnet: '10.42.0.1/24', nodes: kubeNode('server-1', '10.77.0.1'), pods: ['server-1 10.42.0.5 0.1 998'] }),
  })
  await agent.sync({ blocks: tunnel(server) })
  await scene.machine.flush()
}

test('the first server gets its files when it was looked at, an agent none before there is a token for it too', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const first = await bundleOf(scene, server)
  expect(first.get('k3s/install')).toContain('first yes\n')
  expect(first.get('meta')).toMatch(/^part k3s 0\.1\.0 [0-9a-f]{64}$/m)
  expect(first.has('k3s/token')).toBe(false)
  const other = await bundleOf(scene, agent)
  expect([...other.keys()].filter((name) => name.startsWith('k3s/'))).toEqual([])
  expect(other.get('meta')).toContain('part k3s')
})

test('an agent that waits: a live server is asked once, its token is in the bundle of the agent alone', async () => {
  await using scene = await testScene()
  const { server, agent } = await made(scene)
  await lookAfter(scene)
  await lookAfter(scene)
  const [mint, ...more] = await asked(scene, 'k3s-mint-token')
  expect(more).toEqual([])
  expect(mint).toMatchObject({ node_id: server.id, args: ['home-1', '900'] })
  expect((await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.nodes[0]?.doing).toMatch(
    /^waiting for server-1 to mint a join token, asked \d+ s ago, last heard \d+ s ago$/,
  )
  expect(openRequests((await bundleOf(scene, server)).get('requests'))).toEqual([
    { id: mint?.id, kind: 'k3s-mint-token', args: ['home-1', '900'] },
  ])
  expect((await answer(scene, server, mint?.id ?? '', { secret: JOIN_TOKEN })).status).toBe(204)
  // Told twice, since the answer to the answer was lost.
  expect(
    (await answer(scene, server, mint?.id ?? '', { secret: JOIN_TOKEN.replace('abcdef.', 'zzzzzz.') })).status,
  ).toBe(204)
  await lookAfter(scene)
  const bundle = await bundleOf(scene, agent)
  expect(bundle.get('k3s/token')).toBe(`${JOIN_TOKEN}\n`)
  expect(bundle.get('k3s/config.yaml')).toContain('https://10.77.0.1:6443')
  const ofServer = await bundleOf(scene, server)
  expect(ofServer.get('requests')).toBe('')
  expect([...ofServer.values()].join()).not.toContain('abcdef.0123')
  expect(await asked(scene, 'k3s-mint-token')).toHaveLength(1)
})

test('no secret of the cluster is in a row as it is, in the log, or in what people read', async () => {
  await using scene = await testScene()
  const { server } = await made(scene)
  await lookAfter(scene)
  const [mint] = await asked(scene, 'k3s-mint-token')
  await answer(scene, server, mint?.id ?? '', { secret: JOIN_TOKEN })
  const tables = ['clusters', 'cluster_nodes', 'node_requests', 'events', 'join_steps']
  for (const table of tables) {
    const rows = await scene.sql<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)
    const text = rows.map(({ row }) => row).join()
    expect(text).not.toContain('not-to-be-seen')
    expect(text).not.toContain('0123456789abcdef')
    expect(text).not.toContain(Buffer.from('not-to-be-seen').toString('hex'))
  }
  const read = JSON.stringify(await getCluster(scene.world.owner, { networkId: scene.networkId }))
  expect(read).not.toMatch(/not-to-be-seen|0123456789abcdef|BEGIN CERTIFICATE/)
})

test('the server token never goes to an agent, even when a server answers with it', async () => {
  await using scene = await testScene()
  const { server, agent } = await made(scene)
  await lookAfter(scene)
  const [mint] = await asked(scene, 'k3s-mint-token')
  await answer(scene, server, mint?.id ?? '', { secret: TOKEN })
  expect((await bundleOf(scene, agent)).has('k3s/token')).toBe(false)
})

test('a server that does not answer is asked anew when its time is over', async () => {
  await using scene = await testScene()
  const { server, agent } = await made(scene)
  await lookAfter(scene)
  scene.world.setNow(later(119))
  await report(scene, server, agent)
  await lookAfter(scene)
  expect(await asked(scene, 'k3s-mint-token')).toHaveLength(1)
  scene.world.setNow(later(125))
  await report(scene, server, agent)
  await lookAfter(scene)
  expect((await asked(scene, 'k3s-mint-token')).map(({ state }) => state)).toEqual(['expired', 'asked'])
})

test('with the server away nothing is asked, and the ledger of the agent says who it waits for', async () => {
  await using scene = await testScene()
  const { server, agent } = await made(scene)
  scene.world.setNow(later(300))
  await agent.sync({ blocks: tunnel(server) })
  await scene.machine.flush()
  await lookAfter(scene)
  expect((await asked(scene, 'k3s-mint-token')).filter(({ state }) => state === 'asked')).toEqual([])
  const { steps, done } = await nodeLedger(scene.world.viewer, { id: agent.id })
  expect(done).toBe(false)
  expect(steps.find(({ step }) => step === 'api-reachable')).toMatchObject({
    state: 'waiting',
    evidence: 'waiting for server-1, last heard 5 min ago',
  })
})

test('what a token of another form or another node answers changes nothing', async () => {
  await using scene = await testScene()
  const { agent } = await made(scene)
  await lookAfter(scene)
  const [mint] = await asked(scene, 'k3s-mint-token')
  await answer(scene, agent, mint?.id ?? '', { secret: JOIN_TOKEN })
  expect((await asked(scene, 'k3s-mint-token'))[0]?.state).toBe('asked')
  expect((await bundleOf(scene, agent)).has('k3s/token')).toBe(false)
})

test('servers join one at a time: the second has its token when the first is Ready, the third when the second is', async () => {
  await using scene = await testScene()
  const { server } = await clusterScene(scene, { datastore: 'etcd' })
  const [second, third] = [await scene.join('member', 'server-2'), await scene.join('member', 'server-3')]
  for (const { id } of [second, third]) await setClusterNode(scene.world.operator, { nodeId: id, role: 'server' })
  const nodes = kubeNode('server-1', '10.77.0.1')
  await server.sync({ blocks: tunnel(second).concat(tunnel(third).replace(':paths\n', '')) + k3s({ nodes }) })
  await second.sync({ blocks: tunnel(server) + preflight() })
  await third.sync({ blocks: tunnel(server) + preflight() })
  await scene.machine.flush()
  await lookAfter(scene)
  const [read] = await asked(scene, 'k3s-read-server')
  await answer(scene, server, read?.id ?? '', { secret: `token ${TOKEN}\n${CA}` })
  await lookAfter(scene)
  expect((await bundleOf(scene, second)).get('k3s/token')).toBe(`${TOKEN}\n`)
  expect((await bundleOf(scene, third)).has('k3s/token')).toBe(false)
  await second.sync({ blocks: tunnel(server) + k3s({}) })
  await server.sync({ blocks: k3s({ nodes: [...nodes, ...kubeNode('server-2', '10.77.0.3')] }) })
  await scene.machine.flush()
  await lookAfter(scene)
  expect((await bundleOf(scene, third)).get('k3s/token')).toBe(`${TOKEN}\n`)
})

test('a token that k3s calls expired is minted anew, not before it had time to be tried', async () => {
  await using scene = await testScene()
  const { server, agent } = await made(scene)
  await lookAfter(scene)
  const [mint] = await asked(scene, 'k3s-mint-token')
  await answer(scene, server, mint?.id ?? '', { secret: JOIN_TOKEN })
  const fails = k3s({ service: 'failed', failed: 'k3s-installed service-failed bootstrap token abcdef has expired' })
  for (const [seconds, times] of [
    [20, 1],
    [40, 2],
  ] as const) {
    scene.world.setNow(later(seconds))
    await report(scene, server, agent)
    await agent.sync({ blocks: tunnel(server) + fails })
    await scene.machine.flush()
    await lookAfter(scene)
    expect(await asked(scene, 'k3s-mint-token')).toHaveLength(times)
  }
  const cluster = await getCluster(scene.world.viewer, { networkId: scene.networkId })
  expect(cluster?.nodes.find(({ nodeId }) => nodeId === agent.id)?.failure).toMatchObject({ code: 'token-expired' })
})
