/**
 * Several server processes look after one cluster. Each test lets the stewards of three of them see the same thing to do, holds them
 * back at the lock until all have seen it, and lets them go at once.
 */
import { afterEach, expect, test } from 'vitest'
import { type Db, openDb } from '../db.ts'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { sqlOn } from '../machine/sql.ts'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { getCluster } from './get-cluster.ts'
import { removeClusterNode } from './remove-cluster-node.ts'
import { setClusterNode } from './set-cluster-node.ts'
import { stewardCluster } from './steward.ts'
import { answer, clusterScene, JOIN_TOKEN, k3s, kubeNode, NOON, TOKEN, tunnel } from './test-k3s.ts'
import { updateCluster } from './update-cluster.ts'
import { wantedHashes } from './wanted-hashes.ts'

const PROCESSES = 3
const opened: Db[] = []
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close()
})

/** As many server processes, each with connections of its own. */
async function processes(scene: Scene): Promise<MachineDeps[]> {
  return Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const db = await openDb(scene.world.url, { max: 4 })
      opened.push(db)
      return { ...scene.deps, db }
    }),
  )
}

/** One round of each. It ends when all of them have ended. */
async function round(scene: Scene, all: readonly MachineDeps[]): Promise<void> {
  const holder = await scene.world.db.pool.connect()
  let left = all.length
  try {
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [scene.networkId])
    const rounds = all.map((deps) => stewardCluster(deps, scene.networkId).finally(() => left--))
    for (let tries = 0; left > 0 && tries < 400; tries++) {
      const { rows } = await scene.world.db.pool.query<{ waiting: number }>(
        "SELECT count(*)::int waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      )
      if ((rows[0]?.waiting ?? 0) >= left) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await holder.query('COMMIT')
    await Promise.all(rounds)
  } finally {
    holder.release()
  }
}

type Running = { scene: Scene; server: Joined; agents: Joined[]; all: MachineDeps[] }

/** A server and three agents that run k3s. */
async function running(scene: Scene): Promise<Running> {
  const { server, agent } = await clusterScene(scene)
  const agents = [agent, await scene.join('member', 'home-2'), await scene.join('member', 'home-3')]
  for (const { id } of agents.slice(1)) await setClusterNode(scene.world.operator, { nodeId: id, role: 'agent' })
  const seal = (token: string) => scene.deps.seal.encrypt(token, 'k3s token')
  await scene.sql("UPDATE cluster_nodes SET cleared_at = $2, join_token = $1 WHERE role = 'agent'", [
    seal(JOIN_TOKEN),
    NOON,
  ])
  await scene.sql('UPDATE cluster_nodes SET cleared_at = $1 WHERE first', [NOON])
  await scene.sql('UPDATE clusters SET server_token = $1, ca_pem = $2', [seal(TOKEN), 'pem'])
  const all = { scene, server, agents, all: await processes(scene) }
  await say(all, 0)
  return all
}

/** All report that they have applied what they should have by now. */
async function say({ scene, server, agents }: Running, seconds: number): Promise<void> {
  scene.world.setNow(new Date(NOON.getTime() + seconds * 1000))
  const hashes = await wantedHashes(sqlOn(scene.world.db.pool), scene.deps.seal, scene.networkId)
  const nodes = [server, ...agents].flatMap(({ name }, i) => kubeNode(name, `10.77.0.${i + 1}`))
  await server.sync({
    blocks:
      agents.map((agent, i) => (i === 0 ? tunnel(agent) : tunnel(agent).replace(':paths\n', ''))).join('') +
      k3s({ nodes, applied: hashes.get(server.id) }),
  })
  for (const agent of agents) await agent.sync({ blocks: tunnel(server) + k3s({ applied: hashes.get(agent.id) }) })
  await scene.machine.flush()
}

const asked = (scene: Scene, kind: string) =>
  scene.sql<{ id: string; forNode: string | null; node: string }>(
    `SELECT r.id, f.name "forNode", n.name node FROM node_requests r JOIN nodes n ON n.id = r.node_id
       LEFT JOIN nodes f ON f.id = r.for_node_id WHERE r.kind = $1 ORDER BY f.name`,
    [kind],
  )

const eventsOf = async (scene: Scene, action: string) =>
  (await scene.sql<{ name: string }>('SELECT subject_name "name" FROM events WHERE action = $1', [action])).map(
    ({ name }) => name,
  )

test('the first server is asked once what it made, and each agent that waits gets one token minted', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await scene.sql('UPDATE clusters SET server_token = NULL, ca_pem = NULL')
  await scene.sql("UPDATE cluster_nodes SET join_token = NULL, said = NULL, seen = NULL WHERE role = 'agent'")
  await round(scene, all.all)
  const [read, ...more] = await asked(scene, 'k3s-read-server')
  expect(more).toEqual([])
  await answer(scene, all.server, read?.id ?? '', { secret: `token ${TOKEN}\n-----BEGIN CERTIFICATE-----\nMIIB\n` })
  await round(scene, all.all)
  await round(scene, all.all)
  expect((await asked(scene, 'k3s-mint-token')).map(({ forNode }) => forNode)).toEqual(['home-1', 'home-2', 'home-3'])
})

test('a change is told to one node at a time, to each once, and ends once', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const settings = (await getCluster(scene.world.viewer, { networkId: scene.networkId }))?.settings
  const registryMirrors = [{ registry: 'docker.io', endpoints: ['https://mirror.example.org'] }]
  await updateCluster(scene.world.admin, {
    networkId: scene.networkId,
    settings: { ...settings, registryMirrors } as never,
  })
  const revision = async () =>
    Number((await scene.sql<{ revision: string }>('SELECT revision FROM networks'))[0]?.revision ?? 0)
  const told: number[] = []
  for (let turn = 0; turn < 4; turn++) {
    const before = await revision()
    await round(scene, all.all)
    const [row] = await scene.sql<{ rollout: { steps: { toldAt: number | null }[] } | null }>(
      'SELECT rollout FROM clusters',
    )
    told.push(row?.rollout?.steps.filter(({ toldAt }) => toldAt !== null).length ?? -1)
    expect(await revision()).toBe(before + 1)
    await say(all, 60 * (turn + 1))
  }
  expect(told).toEqual([1, 2, 3, 4])
  await round(scene, all.all)
  expect(await eventsOf(scene, 'cluster.rollout-done')).toHaveLength(1)
})

test('each step of a removal is asked once, and the node leaves once', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  const [agent] = all.agents
  if (!agent) throw new Error('there are three')
  await removeClusterNode(scene.world.operator, { nodeId: agent.id, leaveNetwork: true })
  for (const kind of ['k3s-cordon', 'k3s-drain', 'k3s-delete-node', 'k3s-forget-password', 'k3s-uninstall']) {
    await round(scene, all.all)
    await round(scene, all.all)
    const [request, ...more] = await asked(scene, kind)
    expect([kind, more]).toEqual([kind, []])
    await answer(scene, kind === 'k3s-uninstall' ? agent : all.server, request?.id ?? '')
  }
  await round(scene, all.all)
  expect(await eventsOf(scene, 'cluster.drain')).toEqual(['home-1'])
  expect(await eventsOf(scene, 'cluster.leave')).toEqual(['home-1'])
  expect(await scene.sql('SELECT name FROM tombstones')).toEqual([{ name: 'home-1' }])
})

test('changed labels are set once, and a request that nobody answered ends once', async () => {
  await using scene = await testScene()
  const all = await running(scene)
  await round(scene, all.all)
  for (const { id } of all.agents) {
    await setClusterNode(scene.world.operator, { nodeId: id, role: 'agent', labels: { disk: 'ssd' } })
  }
  await round(scene, all.all)
  expect((await asked(scene, 'k3s-label')).map(({ forNode }) => forNode)).toEqual(['home-1', 'home-2', 'home-3'])
  await say(all, 300)
  await round(scene, all.all)
  expect(await eventsOf(scene, 'cluster.label')).toHaveLength(3)
})
