import { expect, test } from 'vitest'
import { files, type Scene, testScene } from '../machine/test-machine.ts'
import { getNode } from '../node/get-node.ts'
import { nodeLedger } from '../node/node-ledger.ts'
import { getCluster } from './get-cluster.ts'
import { bundleOf, clusterScene, k3s, kubeNode, NOON, tunnel } from './test-k3s.ts'

const revisionOf = async (scene: Scene) =>
  Number((await scene.sql<{ revision: string }>('SELECT revision FROM networks'))[0]?.revision)

test('a pod range that a node reports is a new revision, and then in AllowedIPs of the gateway', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  await server.sync()
  const before = await revisionOf(scene)
  await agent.sync({ blocks: tunnel(server) + k3s({ subnet: '10.42.1.1/24' }) })
  await scene.machine.flush()
  expect(await revisionOf(scene)).toBe(before + 1)
  expect((await bundleOf(scene, server)).get('peers/span0')).toMatch(/AllowedIPs = .*10\.42\.1\.0\/24/)
  // The same again is no change.
  await agent.sync({ blocks: tunnel(server) + k3s({ subnet: '10.42.1.1/24' }) })
  await scene.machine.flush()
  expect(await revisionOf(scene)).toBe(before + 1)
})

test('the pod range is known to all when the gateway runs what has it', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const step = async () =>
    (await nodeLedger(scene.world.viewer, { id: agent.id })).steps.find((line) => line.step === 'pod-range')
  await server.sync()
  await agent.sync({ blocks: k3s({ subnet: '10.42.1.1/24' }) })
  await scene.machine.flush()
  expect((await step())?.state).not.toBe('green')
  await bundleOf(scene, server)
  await server.sync()
  await scene.machine.flush()
  expect(await step()).toMatchObject({
    state: 'green',
    evidence: expect.stringMatching(/^server-1 confirmed revision \d+ with 10\.42\.1\.0\/24$/),
  })
})

test("a range outside of the cluster's is nobody's: AllowedIPs stay", async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  await agent.sync({ blocks: k3s({ subnet: '0.0.0.0/0' }) })
  await scene.machine.flush()
  const peers = (await files(await server.sync({ epoch: 0, revision: 0, view: '-' }))).get('peers/span0')
  expect(peers).not.toContain('0.0.0.0/0')
})

test('what a server shows of a node is its third fact, told with its tunnel; an agent shows nothing of others', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const shown = [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2')]
  await agent.sync({ blocks: tunnel(server) + k3s({ nodes: shown }) })
  await scene.machine.flush()
  const fact = async () => (await getNode(scene.world.viewer, { id: agent.id })).facts.cluster
  expect(await fact()).toEqual({ status: 'none', text: 'not in Kubernetes yet', at: null })
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes: shown, pods: ['home-1 10.42.1.5 13.2 990'] }) })
  await scene.machine.flush()
  expect(await fact()).toMatchObject({ status: 'warn', text: 'Ready, seen 2 s ago, without a pod range yet' })
  const row = (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.nodes.find(
    ({ nodeId }) => nodeId === agent.id,
  )
  expect(row).toMatchObject({ ready: true, internalIp: '10.77.0.2', addressFits: true, podRttMs: 13.2 })
  const { steps } = await nodeLedger(scene.world.viewer, { id: agent.id })
  const states = Object.fromEntries(steps.map(({ step, state }) => [step, state]))
  expect(states).toMatchObject({ registered: 'green', ready: 'green', 'pod-answered': 'green' })
})

test('of two servers the newer sight counts, whatever comes last', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const list = (ready: string) => [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2', ready)]
  scene.world.setNow(new Date(NOON.getTime() + 60_000))
  await server.sync({ blocks: k3s({ nodes: list('False') }) })
  await scene.machine.flush()
  scene.world.setNow(NOON)
  await server.sync({ blocks: k3s({ nodes: list('True') }) })
  await scene.machine.flush()
  const [row] = await scene.sql<{ ready: string }>(
    "SELECT seen->>'ready' ready FROM cluster_nodes WHERE node_id = $1",
    [agent.id],
  )
  expect(row?.ready).toBe('False')
})

test('the last words of a service that ends become the code that has a fix', async () => {
  await using scene = await testScene()
  const { agent } = await clusterScene(scene)
  const words = 'level=error msg="Node password rejected, duplicate hostname or contents of /etc/rancher/node/password"'
  await agent.sync({ blocks: k3s({ service: 'failed', failed: `k3s-installed service-failed ${words}` }) })
  await scene.machine.flush()
  const nodes = (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.nodes
  expect(nodes?.find(({ nodeId }) => nodeId === agent.id)).toMatchObject({
    failure: { step: 'k3s-installed', code: 'node-password', offers: 'forget-password' },
    status: 'bad',
  })
})

test('of two lists with different leases the older says since when a kubelet has been heard', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const shown = async (seconds: number, lease: string) => {
    scene.world.setNow(new Date(NOON.getTime() + seconds * 1000))
    const nodes = [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2'), `lease home-1 ${lease}`]
    await server.sync({ blocks: k3s({ nodes }) })
    await scene.machine.flush()
    const [row] = await scene.sql<{ since: number | null }>(
      `SELECT (seen->>'heardSince')::float8 AS since FROM cluster_nodes WHERE node_id = $1`,
      [agent.id],
    )
    return row?.since === null ? null : ((row?.since ?? 0) - NOON.getTime()) / 1000
  }
  // Lists are 2 s old when they are told, and the clock of the machine is far off.
  expect(await shown(10, '2020-01-01T00:00:10.123456Z')).toBe(null)
  expect(await shown(22, '2020-01-01T00:00:20.123456Z')).toBe(8)
  expect(await shown(34, '2020-01-01T00:00:30.123456Z')).toBe(20)
  // From here on it is silent.
  expect(await shown(46, '2020-01-01T00:00:30.123456Z')).toBe(20)
  expect(await shown(58, '2020-01-01T00:00:30.123456Z')).toBe(20)
})
