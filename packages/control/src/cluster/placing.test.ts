import { expect, test } from 'vitest'
import { sqlOn } from '../machine/sql.ts'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { updateNode } from '../node/update-node.ts'
import { createSite } from '../site/create-site.ts'
import { updateSite } from '../site/update-site.ts'
import { getCluster } from './get-cluster.ts'
import { setClusterNode } from './set-cluster-node.ts'
import { stewardCluster } from './steward.ts'
import { answer, bundleOf, clusterScene, JOIN_TOKEN, k3s, kubeNode, NOON, openRequests, tunnel } from './test-k3s.ts'
import { wantedHashes } from './wanted-hashes.ts'

type Running = { server: Joined; agent: Joined; scene: Scene }

const hashesOf = (scene: Scene) => wantedHashes(sqlOn(scene.world.db.pool), scene.deps.seal, scene.networkId)

type Look = { seconds?: number; applied?: string; service?: string; listed?: boolean }

/** Both report and the steward looks; the agent has applied what it should unless another hash is given. */
async function look({ server, agent, scene }: Running, how: Look = {}): Promise<void> {
  const { seconds = 0, service = 'active', listed = true } = how
  scene.world.setNow(new Date(NOON.getTime() + seconds * 1000))
  const applied = 'applied' in how ? how.applied : (await hashesOf(scene)).get(agent.id)
  const nodes = [...kubeNode('server-1', '10.77.0.1'), ...(listed ? kubeNode('home-1', '10.77.0.2') : [])]
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes, applied: 'f'.repeat(64) }) })
  await agent.sync({ blocks: tunnel(server) + k3s({ service, applied }) })
  await scene.machine.flush()
  await stewardCluster(scene.deps, scene.networkId)
}

/** An agent in a site, with a label and a taint, before its k3s has begun. */
async function joining(scene: Scene): Promise<Running> {
  const { server, agent } = await clusterScene(scene)
  const { id } = await createSite(scene.world.operator, { networkId: scene.networkId, name: 'Berlin', region: 'eu' })
  await updateNode(scene.world.operator, { id: agent.id, siteId: id })
  await setLabels(scene, agent, { disk: 'ssd' }, ['edge=true:NoSchedule'])
  const sealed = scene.deps.seal.encrypt(JOIN_TOKEN, 'k3s token')
  await scene.sql("UPDATE cluster_nodes SET join_token = $1, cleared_at = $2 WHERE role = 'agent'", [sealed, NOON])
  await scene.sql('UPDATE clusters SET server_token = $1, ca_pem = $2', [sealed, 'pem'])
  return { server, agent, scene }
}

async function running(scene: Scene): Promise<Running> {
  const all = await joining(scene)
  await look(all)
  return all
}

const setLabels = (scene: Scene, { id }: Joined, labels: Record<string, string>, taints: string[]) =>
  setClusterNode(scene.world.operator, { nodeId: id, role: 'agent', labels, taints })

const asked = (scene: Scene) =>
  scene.sql<{ id: string; args: string[]; node_id: string }>(
    "SELECT id, args, node_id FROM node_requests WHERE kind = 'k3s-label' ORDER BY created_at, id",
  )

const rowOf = async ({ scene, agent }: Running) =>
  (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.nodes.find(
    ({ nodeId }) => nodeId === agent.id,
  )

const configOf = async ({ scene, agent }: Running) => (await bundleOf(scene, agent)).get('k3s/config.yaml')

test('before it registers a node has its labels, its taints and the place of its site in its file', async () => {
  await using scene = await testScene()
  const all = await joining(scene)
  const config = await configOf(all)
  expect(config).toContain(
    '  - "disk=ssd"\n  - "topology.kubernetes.io/region=eu"\n  - "topology.kubernetes.io/zone=Berlin"\n',
  )
  expect(config).toContain('node-taint:\n  - "edge=true:NoSchedule"\n')
  await setLabels(scene, all.agent, { disk: 'nvme' }, [])
  expect(await configOf(all)).toContain('disk=nvme')
  await look(all)
  expect(await asked(scene)).toEqual([])
  expect(await rowOf(all)).toMatchObject({ zone: 'Berlin', region: 'eu', labelling: null })
})

test('after it registered its file stays, and a server sets in Kubernetes what differs, once', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const before = await configOf(all)
  await setLabels(scene, all.agent, { rack: '7' }, ['edge=true:NoSchedule', 'slow:NoExecute'])
  expect(await configOf(all)).toBe(before)
  expect(await rowOf(all)).toMatchObject({ labelling: { state: 'waiting', text: 'waits for a server of the cluster' } })
  await look(all)
  await look(all)
  const [request, ...more] = await asked(scene)
  expect(more).toEqual([])
  expect(request).toMatchObject({ node_id: all.server.id, args: ['home-1', 'rack=7', 'disk-', 'slow:NoExecute'] })
  expect(openRequests((await bundleOf(scene, all.server)).get('requests'))).toMatchObject([{ kind: 'k3s-label' }])
  expect(await rowOf(all)).toMatchObject({ labelling: { state: 'asked', text: 'server-1 was asked' } })
  await answer(scene, all.server, request?.id ?? '', { evidence: 'node/home-1 labeled' })
  await look(all)
  expect(await rowOf(all)).toMatchObject({ labelling: { state: 'done', text: 'node/home-1 labeled' } })
  expect(await asked(scene)).toHaveLength(1)
  expect(await configOf(all)).toBe(before)
  const [event] = await scene.sql("SELECT subject_name, after FROM events WHERE action = 'cluster.label'")
  expect(event).toMatchObject({ subject_name: 'home-1', after: { labels: { rack: '7' } } })
})

test("a site's zone and region reach the nodes that are in it, and who moves to another site", async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const [site] = await scene.sql<{ id: string }>('SELECT id FROM sites')
  await updateSite(scene.world.operator, { id: site?.id ?? '', zone: 'rack2', region: null })
  await look(all)
  const words = ['home-1', 'topology.kubernetes.io/zone=rack2', 'topology.kubernetes.io/region-']
  const [first] = await asked(scene)
  expect(first?.args).toEqual(words)
  await answer(scene, all.server, first?.id ?? '')
  await updateNode(scene.world.operator, { id: all.agent.id, siteId: null })
  await look(all, { seconds: 10 })
  expect((await asked(scene))[1]?.args).toEqual(['home-1', 'topology.kubernetes.io/zone-'])
})

test('what a server could not set is said, and tried again after a minute', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await setLabels(scene, all.agent, {}, ['edge=true:NoSchedule'])
  await look(all)
  const evidence = 'Unable to connect to the server'
  await answer(scene, all.server, (await asked(scene))[0]?.id ?? '', { state: 'failed', evidence })
  await look(all, { seconds: 30 })
  expect(await asked(scene)).toHaveLength(1)
  expect(await rowOf(all)).toMatchObject({
    labelling: { state: 'failed', text: `${evidence}; it is tried again each minute` },
  })
  await look(all, { seconds: 70 })
  expect((await asked(scene)).map(({ args }) => args)).toEqual([
    ['home-1', 'disk-'],
    ['home-1', 'disk-'],
  ])
})

test('a server that does not answer in time is asked anew', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await setLabels(scene, all.agent, {}, [])
  await look(all)
  await look(all, { seconds: 125 })
  expect(await rowOf(all)).toMatchObject({ labelling: { state: 'failed', text: expect.stringContaining('in time') } })
  await look(all, { seconds: 190 })
  expect(await asked(scene)).toHaveLength(2)
})

test('labels that changed while it registered are all set once more, since nobody knows which it took', async () => {
  await using scene = await testScene()
  const all = await joining(scene)
  const [old] = [(await hashesOf(scene)).get(all.agent.id)]
  await setLabels(scene, all.agent, { rack: '7' }, [])
  await look(all, { applied: old })
  expect((await asked(scene))[0]?.args).toEqual([
    'home-1',
    'rack=7',
    'topology.kubernetes.io/region=eu',
    'topology.kubernetes.io/zone=Berlin',
  ])
})

test('a node that Kubernetes forgot registers with its file, and is given what has changed since', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await setLabels(scene, all.agent, { disk: 'nvme' }, ['edge=true:NoSchedule'])
  await look(all)
  await answer(scene, all.server, (await asked(scene))[0]?.id ?? '')
  await look(all, { seconds: 10, listed: false })
  await look(all, { seconds: 20, listed: false })
  expect(await asked(scene)).toHaveLength(1)
  await look(all, { seconds: 30 })
  expect((await asked(scene))[1]?.args).toEqual(['home-1', 'disk=nvme'])
})

test('with its k3s off the machine it would register anew: its file has what is wanted', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await setLabels(scene, all.agent, { disk: 'nvme' }, [])
  await look(all, { service: 'absent', applied: undefined })
  expect(await configOf(all)).toContain('disk=nvme')
  expect(await rowOf(all)).toMatchObject({ labelling: null })
})
