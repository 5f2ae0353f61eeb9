import { expect, test } from 'vitest'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { previewNodeRemoval } from '../node/preview-node-removal.ts'
import { removeNode } from '../node/remove-node.ts'
import { forgetPassword } from './forget-password.ts'
import { getCluster } from './get-cluster.ts'
import { previewClusterNodeRemoval } from './preview-cluster-node-removal.ts'
import { removeClusterNode } from './remove-cluster-node.ts'
import { repeatRemovalStep } from './repeat-removal-step.ts'
import { skipRemovalStep } from './skip-removal-step.ts'
import { stewardCluster } from './steward.ts'
import { answer, bundleOf, clusterScene, k3s, kubeNode, NOON, openRequests, tunnel } from './test-k3s.ts'

async function running(scene: Scene) {
  const { server, agent } = await clusterScene(scene)
  const sealed = scene.deps.seal.encrypt(`K10${'ab'.repeat(32)}::abcdef.0123456789abcdef`, 'k3s token')
  await scene.sql("UPDATE cluster_nodes SET cleared_at = now(), join_token = $1 WHERE role = 'agent'", [sealed])
  await scene.sql('UPDATE clusters SET server_token = $1, ca_pem = $2', [sealed, 'pem'])
  await say(scene, server, agent)
  return { server, agent }
}

async function say(scene: Scene, server: Joined, agent: Joined) {
  const nodes = [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2')]
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes, applied: 'a'.repeat(64) }) })
  await agent.sync({ blocks: tunnel(server) + k3s({ applied: 'a'.repeat(64), subnet: '10.42.1.1/24' }) })
  await scene.machine.flush()
}

/** What is asked of a node at this moment, as its bundle says. */
async function requestsOf(scene: Scene, node: Joined) {
  await stewardCluster(scene.deps, scene.networkId)
  const bundle = await bundleOf(scene, node)
  return { open: openRequests(bundle.get('requests')), bundle }
}

const rowOf = async (scene: Scene, id: string) =>
  (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.nodes.find(({ nodeId }) => nodeId === id)

const facts = async (scene: Scene, id: string) =>
  Object.fromEntries((await rowOf(scene, id))?.removal?.map(({ step, state }) => [step, state]) ?? [])

test('cordon, drain, delete, password, uninstall: each asked of who can do it, each when the one before is done', async () => {
  await using scene = await testScene()
  const { server, agent } = await running(scene)
  await removeClusterNode(scene.world.operator, { nodeId: agent.id, leaveNetwork: true })
  for (const [kind, args] of [
    ['k3s-cordon', ['home-1']],
    ['k3s-drain', ['home-1', '300']],
    ['k3s-delete-node', ['home-1']],
    ['k3s-forget-password', ['home-1']],
  ] as const) {
    const { open } = await requestsOf(scene, server)
    expect(open.map((request) => [request.kind, request.args])).toEqual([[kind, args]])
    await answer(scene, server, open[0]?.id ?? '', { evidence: `${kind} was done` })
  }
  const { open, bundle } = await requestsOf(scene, agent)
  expect(open.map(({ kind }) => kind)).toEqual(['k3s-uninstall'])
  // With its files still there the machine would install k3s again.
  expect(bundle.has('k3s/install')).toBe(false)
  expect(bundle.get('meta')).toContain('part k3s')
  expect(await facts(scene, agent.id)).toEqual({
    cordon: 'done',
    drain: 'done',
    delete: 'done',
    password: 'done',
    uninstall: 'asked',
    leave: 'waiting',
  })
  await answer(scene, agent, open[0]?.id ?? '')
  await stewardCluster(scene.deps, scene.networkId)
  expect(await rowOf(scene, agent.id)).toBeUndefined()
  expect(await scene.sql('SELECT name FROM tombstones')).toEqual([{ name: 'home-1' }])
  const events = await scene.sql<{ action: string }>('SELECT action FROM events ORDER BY at, id')
  expect(events.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'cluster.remove-node',
      'cluster.cordon',
      'cluster.uninstall',
      'cluster.leave',
      'node.remove',
    ]),
  )
})

test('without leaving the network the node stays in it, and its pod range leaves AllowedIPs', async () => {
  await using scene = await testScene()
  const { server, agent } = await running(scene)
  expect((await requestsOf(scene, server)).bundle.get('peers/span0')).toContain('10.42.1.0/24')
  await removeClusterNode(scene.world.operator, { nodeId: agent.id })
  for (const step of ['cordon', 'drain', 'delete', 'password', 'uninstall'] as const)
    await skipRemovalStep(scene.world.operator, { nodeId: agent.id, step })
  await stewardCluster(scene.deps, scene.networkId)
  expect(await rowOf(scene, agent.id)).toBeUndefined()
  const { bundle } = await requestsOf(scene, server)
  expect(bundle.get('peers/span0')).toContain(agent.publicKey)
  expect(bundle.get('peers/span0')).not.toContain('10.42.1.0/24')
})

test('a step that failed stops the rest until it is repeated or left out', async () => {
  await using scene = await testScene()
  const { server, agent } = await running(scene)
  await removeClusterNode(scene.world.operator, { nodeId: agent.id })
  const { open } = await requestsOf(scene, server)
  await answer(scene, server, open[0]?.id ?? '', { state: 'failed', evidence: 'nodes "home-1" not found' })
  expect((await requestsOf(scene, server)).open).toEqual([])
  expect((await rowOf(scene, agent.id))?.removal?.[0]).toMatchObject({
    state: 'failed',
    text: 'nodes "home-1" not found',
    canRepeat: true,
    canSkip: true,
  })
  await expect(skipRemovalStep(scene.world.operator, { nodeId: agent.id, step: 'drain' })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
  await repeatRemovalStep(scene.world.operator, { nodeId: agent.id, step: 'cordon' })
  expect((await requestsOf(scene, server)).open.map(({ kind }) => kind)).toEqual(['k3s-cordon'])
})

test('a server that never answers is a step that failed', async () => {
  await using scene = await testScene()
  const { agent } = await running(scene)
  await removeClusterNode(scene.world.operator, { nodeId: agent.id })
  await stewardCluster(scene.deps, scene.networkId)
  scene.world.setNow(new Date(NOON.getTime() + 125_000))
  await stewardCluster(scene.deps, scene.networkId)
  expect(await facts(scene, agent.id)).toMatchObject({ cordon: 'failed', drain: 'waiting' })
})

test('the only server goes with force alone, and with it the tokens of its cluster', async () => {
  await using scene = await testScene()
  const { server } = await running(scene)
  expect(await previewClusterNodeRemoval(scene.world.viewer, { nodeId: server.id })).toMatchObject({
    needsForce: true,
    cut: expect.arrayContaining([expect.stringMatching(/ends with its only server; home-1 lose their API$/)]),
  })
  await expect(removeClusterNode(scene.world.operator, { nodeId: server.id })).rejects.toMatchObject({
    reason: 'cluster-stops',
  })
  await removeClusterNode(scene.world.operator, { nodeId: server.id, force: true })
  const { open } = await requestsOf(scene, server)
  expect(open.map(({ kind }) => kind)).toEqual(['k3s-uninstall'])
  await answer(scene, server, open[0]?.id ?? '')
  await stewardCluster(scene.deps, scene.networkId)
  expect(await getCluster(scene.world.viewer, { networkId: scene.networkId })).toMatchObject({ made: false })
})

test('removing a node of the cluster from the network says so, and offers the way', async () => {
  await using scene = await testScene()
  const { agent } = await running(scene)
  expect(
    (await previewNodeRemoval(scene.world.viewer, { id: agent.id })).cluster?.steps.map(({ step }) => step),
  ).toEqual(['cordon', 'drain', 'delete', 'password', 'uninstall'])
  await expect(removeNode(scene.world.operator, { id: agent.id })).rejects.toMatchObject({ reason: 'in-cluster' })
  expect(await removeNode(scene.world.operator, { id: agent.id, abandonCluster: true })).toMatchObject({
    name: 'home-1',
  })
})

test('a machine imaged anew: a server is asked to forget the password of its name', async () => {
  await using scene = await testScene()
  const { server, agent } = await running(scene)
  expect(await forgetPassword(scene.world.operator, { nodeId: agent.id })).toEqual({ nodeId: agent.id, on: 'server-1' })
  expect((await requestsOf(scene, server)).open).toMatchObject([{ kind: 'k3s-forget-password', args: ['home-1'] }])
})
