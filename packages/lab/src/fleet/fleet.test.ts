// A fleet of 50 against the real server as a process of its own: the real doors, the real database, no namespaces.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ControlPlane } from '../control-plane.ts'
import { Fleet } from './fleet.ts'
import { clusterIsReady, foundCluster } from './found-cluster.ts'
import { type FoundedNetwork, foundNetwork } from './found-network.ts'
import { type Rest, restOf } from './rest.ts'

type NodeRow = {
  id: string
  name: string
  role: string
  state: string
  facts: Record<'reporting' | 'tunnels' | 'cluster', { status: string; text: string }>
}
type Topology = { edges: { a: string; b: string; status: string; rttMs: number | null; evidenceAt: string | null }[] }

const NODES = 50
let server: ControlPlane
let data: string
let rest: Rest
let network: FoundedNetwork
let fleet: Fleet

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'spanwire-fleet-'))
  await chmod(data, 0o711)
  const url = `http://127.0.0.1:${await freePort()}`
  server = await ControlPlane.start({ data, url, env: { SPANWIRE_CONSOLE: 'off' } })
  await server.admin(['make-owner', '--email', 'owner@example.org', '--name', 'Owner'], 'a password for the fleet')
  const key = (await server.admin(['make-api-key', '--name', 'fleet', '--role', 'admin'])).trim()
  rest = restOf(url, key)
  network = await foundNetwork(rest, 'fleet', { nodes: NODES, sites: 4 })
  fleet = await Fleet.start({ url, nodes: NODES, sites: network.sites, seed: 'fifty', tokens: network.tokens })
})

afterAll(async () => {
  await fleet?.stop()
  await server?.stop()
  if (data) await rm(data, { recursive: true, force: true })
})

const nodes = () => rest<NodeRow[]>('GET', `/networks/${network.id}/nodes`)
const nodeNamed = async (name: string) => (await nodes()).find((node) => node.name === name) as NodeRow

/** Asks again until it holds, as a person who looks at the page does. */
async function eventually(seconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(250)) if (await holds()) return true
  return false
}

test('all enrol and become active, with a place and a site each', async () => {
  expect(await eventually(20, async () => (await nodes()).every(({ state }) => state === 'active'))).toBe(true)
  const rows = await rest<(NodeRow & { address4: string; siteName: string })[]>('GET', `/networks/${network.id}/nodes`)
  expect(rows).toHaveLength(NODES)
  expect(new Set(rows.map(({ address4 }) => address4)).size).toBe(NODES)
  expect(rows.every(({ name, siteName }) => siteName === fleet.nodeOf(name).who.site)).toBe(true)
})

test('the topology shows a measured tunnel for each member', async () => {
  const measured = async () => (await rest<Topology>('GET', `/networks/${network.id}/topology`)).edges
  const allUp = async () =>
    (await measured()).filter(({ status, rttMs }) => status === 'up' && rttMs !== null).length === NODES - 1
  expect(await eventually(30, allUp)).toBe(true)
  const gateway = fleet.gateway.id
  expect((await measured()).every(({ a, b }) => a === gateway || b === gateway)).toBe(true)
})

test('a change reaches all within seconds, and is applied in two phases', async () => {
  const before = new Map(fleet.nodes.map((node) => [node, node.applied.view]))
  await rest('PATCH', `/networks/${network.id}`, { mtu: 1400 })
  expect(await eventually(10, async () => fleet.nodes.every((node) => node.applied.view !== before.get(node)))).toBe(
    true,
  )
})

test('a machine that goes off loses its tunnel at once and is silent once its last report is old', async () => {
  const { name } = fleet.nodes[7]?.who ?? { name: '' }
  fleet.kill(name)
  // The gateway tells: nobody has to wait for a report that does not come.
  expect(await eventually(25, async () => (await nodeNamed(name)).facts.tunnels.status === 'bad')).toBe(true)
  expect(await eventually(100, async () => (await nodeNamed(name)).facts.reporting.status === 'bad')).toBe(true)
  expect((await nodeNamed(name)).facts.reporting.text).toMatch(/silent/)
  const others = (await nodes()).filter((node) => node.name !== name)
  expect(others.filter(({ facts }) => facts.reporting.status !== 'good')).toEqual([])

  fleet.heal(name)
  const isBack = async () =>
    Object.values((await nodeNamed(name)).facts).every(({ status }) => status === 'good' || status === 'none')
  expect(await eventually(30, isBack)).toBe(true)
})

test('machines make a cluster by the protocol; what is cut off is NotReady for its path, and Ready again', async () => {
  const [server, one, two] = [fleet.gateway, fleet.nodes[3], fleet.nodes[4]]
  await foundCluster(rest, network.id, { servers: [server.id ?? ''], agents: [one?.id ?? '', two?.id ?? ''] })
  await clusterIsReady(rest, network.id, 3)
  const name = one?.who.name ?? ''
  const factOf = async () => (await nodeNamed(name)).facts.cluster
  fleet.strike('cut', { kind: 'cut', node: name })
  const because = new RegExp(`NotReady because its only path, through ${server.who.name}, stopped answering at`)
  expect(await eventually(90, async () => because.test((await factOf()).text))).toBe(true)
  fleet.undo('cut')
  expect(await eventually(60, async () => (await factOf()).status === 'good')).toBe(true)
})

test('a removed node takes down what it put up', async () => {
  const node = fleet.nodes[9] as (typeof fleet.nodes)[number]
  await rest('DELETE', `/nodes/${node.id}`)
  expect(await eventually(15, async () => node.hasLeft)).toBe(true)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
