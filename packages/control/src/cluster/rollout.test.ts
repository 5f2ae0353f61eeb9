import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { expect, test } from 'vitest'
import { sqlOn } from '../machine/sql.ts'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { abortRollout } from './abort-rollout.ts'
import { getCluster } from './get-cluster.ts'
import { previewClusterUpdate } from './preview-cluster-update.ts'
import { resumeRollout } from './resume-rollout.ts'
import { stewardCluster } from './steward.ts'
import { bundleOf, clusterScene, k3s, kubeNode, NOON, tunnel } from './test-k3s.ts'
import { updateCluster } from './update-cluster.ts'
import { wantedHashes } from './wanted-hashes.ts'

const MIRROR = [{ registry: 'docker.io', endpoints: ['https://mirror.example.org'] }]

type Running = { server: Joined; agent: Joined; settings: ClusterSettings; scene: Scene; at: number }

/** A server and an agent that both run k3s with their files. */
async function running(scene: Scene): Promise<Running> {
  const { server, agent } = await clusterScene(scene)
  const sealed = scene.deps.seal.encrypt(`K10${'ab'.repeat(32)}::abcdef.0123456789abcdef`, 'k3s token')
  await scene.sql(
    "UPDATE cluster_nodes SET cleared_at = now(), join_token = $1, join_token_until = '2026-03-01T12:15:00Z' WHERE role = 'agent'",
    [sealed],
  )
  await scene.sql('UPDATE clusters SET server_token = $1, ca_pem = $2', [sealed, 'pem'])
  const cluster = await getCluster(scene.world.viewer, { networkId: scene.networkId })
  const all = { server, agent, scene, at: 0, settings: cluster?.settings as ClusterSettings }
  const hashes = await hashesOf(scene)
  await say(all, 0, { server: hashes.get(server.id), agent: hashes.get(agent.id) })
  return all
}

const hashesOf = (scene: Scene) => wantedHashes(sqlOn(scene.world.db.pool), scene.deps.seal, scene.networkId)

/** Both report at `seconds` after noon, and the steward looks. */
async function say(
  { scene, server, agent }: Running,
  seconds: number,
  applied: { server?: string; agent?: string; agentFails?: string },
): Promise<void> {
  scene.world.setNow(new Date(NOON.getTime() + seconds * 1000))
  const nodes = [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2')]
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes, applied: applied.server }) })
  await agent.sync({ blocks: tunnel(server) + k3s({ applied: applied.agent, failed: applied.agentFails }) })
  await scene.machine.flush()
  await stewardCluster(scene.deps, scene.networkId)
}

const mirrorsOf = async (scene: Scene, node: Joined) => (await bundleOf(scene, node)).get('k3s/registries.yaml')

const rolloutOf = async (scene: Scene) =>
  (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.rollout ?? null

test('a change is shown key by key and node by node before it begins, servers first', async () => {
  await using scene = await testScene()
  const { settings } = await running(scene)
  const preview = await previewClusterUpdate(scene.world.viewer, {
    networkId: scene.networkId,
    settings: { ...settings, tlsSans: ['k3s.example.org'], registryMirrors: MIRROR } as never,
  })
  expect(preview.steps).toEqual([
    {
      nodeId: expect.any(String),
      name: 'server-1',
      restarts: true,
      hidden: true,
      changes: [expect.objectContaining({ key: 'tls-san', effect: 'restart' })],
    },
    { nodeId: expect.any(String), name: 'home-1', restarts: true, hidden: true, changes: [] },
  ])
  expect(await rolloutOf(scene)).toBe(null)
})

test('what no restart brings about is refused, and nothing changes', async () => {
  await using scene = await testScene()
  const { settings } = await running(scene)
  await expect(
    updateCluster(scene.world.admin, {
      networkId: scene.networkId,
      settings: { ...settings, clusterDomain: 'other.local' } as never,
    }),
  ).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'cannot-change' })
  expect((await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.settings).toEqual(settings)
})

test('one node at a time: the next has its old files until the one before is back and steady', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const { server, agent, settings } = all
  const before = await hashesOf(scene)
  await updateCluster(scene.world.admin, {
    networkId: scene.networkId,
    settings: { ...settings, registryMirrors: MIRROR } as never,
  })
  const after = await hashesOf(scene)
  const [oldAgent, newAgent, newServer] = [before.get(agent.id), after.get(agent.id), after.get(server.id)]
  expect(newAgent).not.toBe(oldAgent)
  await say(all, 1, { server: before.get(server.id), agent: oldAgent })
  expect(await mirrorsOf(scene, server)).toContain('mirror.example.org')
  expect(await mirrorsOf(scene, agent)).toBeUndefined()
  expect((await rolloutOf(scene))?.nodes.map(({ state }) => state)).toEqual(['applying', 'waiting'])
  await say(all, 10, { server: newServer, agent: oldAgent })
  expect(await rolloutOf(scene)).toMatchObject({ sentence: 'server-1 is Ready again; watching whether it stays so' })
  await say(all, 30, { server: newServer, agent: oldAgent })
  expect(await mirrorsOf(scene, agent)).toContain('mirror.example.org')
  await say(all, 60, { server: newServer, agent: newAgent })
  await say(all, 61, { server: newServer, agent: newAgent })
  expect(await rolloutOf(scene)).toBe(null)
})

test('it stops at the first node that does not come back, goes on when it is mended, and can be called off', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const { server, agent, settings } = all
  const before = await hashesOf(scene)
  await updateCluster(scene.world.admin, {
    networkId: scene.networkId,
    settings: { ...settings, registryMirrors: MIRROR } as never,
  })
  const [oldServer, oldAgent] = [before.get(server.id), before.get(agent.id)]
  await say(all, 1, { server: oldServer, agent: oldAgent })
  await say(all, 305, { server: oldServer, agent: oldAgent })
  expect(await rolloutOf(scene)).toMatchObject({
    state: 'stopped',
    sentence: expect.stringContaining('server-1 has not confirmed the new settings'),
    nodes: [{ state: 'failed' }, { state: 'waiting' }],
  })
  expect(await mirrorsOf(scene, agent)).toBeUndefined()
  const { rollout } = await resumeRollout(scene.world.admin, { networkId: scene.networkId })
  expect(rollout).toMatchObject({ state: 'running', nodes: [{ state: 'applying' }, { state: 'waiting' }] })
  const off = await abortRollout(scene.world.admin, { networkId: scene.networkId })
  expect(off.settings.registryMirrors).toEqual([])
  expect(off.rollout?.nodes.map(({ name }) => name)).toEqual(['server-1'])
  expect(await mirrorsOf(scene, server)).toBeUndefined()
  await say(all, 340, { server: oldServer, agent: oldAgent })
  expect(await rolloutOf(scene)).toBe(null)
})

test('called off before anybody was told it never was', async () => {
  await using scene = await testScene()
  const { settings } = await running(scene)
  await scene.sql("UPDATE cluster_nodes SET seen = jsonb_set(seen, '{ready}', '\"False\"')")
  await updateCluster(scene.world.admin, {
    networkId: scene.networkId,
    settings: { ...settings, registryMirrors: MIRROR } as never,
  })
  await stewardCluster(scene.deps, scene.networkId)
  expect(await rolloutOf(scene)).toMatchObject({ state: 'stopped', sentence: expect.stringContaining('was not Ready') })
  const off = await abortRollout(scene.world.admin, { networkId: scene.networkId })
  expect([off.rollout, off.settings]).toEqual([null, settings])
})
