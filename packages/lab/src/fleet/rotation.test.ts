// Keys of simulated machines rotated by the real server, as somebody does who tries the demo: by itself, in seconds, under tunnels that stay.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ControlPlane } from '../control-plane.ts'
import { Fleet } from './fleet.ts'
import { type FoundedNetwork, foundNetwork, memberTokens } from './found-network.ts'
import type { SimulatedNode } from './node.ts'
import { type Rest, restOf } from './rest.ts'

type Keys = {
  publicKey: string
  peers: number
  rotation: { state: string; isRunning: boolean; text: string; peers: { name: string; state: string }[] } | null
}
type Topology = { edges: { a: string; b: string; kind: string; status: string }[] }

const SHAPE = { nodes: 9, sites: 2, gateways: 2 }
const SEED = 'rotation'

let server: ControlPlane
let data: string
let rest: Rest
let network: FoundedNetwork
let fleet: Fleet

const disk = () => join(data, 'fleet-keys.json')

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'spanwire-fleet-'))
  await chmod(data, 0o711)
  const url = `http://127.0.0.1:${await freePort()}`
  server = await ControlPlane.start({ data, url, env: { SPANWIRE_CONSOLE: 'off' } })
  await server.admin(['make-owner', '--email', 'owner@example.org', '--name', 'Owner'], 'a password for the fleet')
  const key = (await server.admin(['make-api-key', '--name', 'fleet', '--role', 'admin'])).trim()
  rest = restOf(url, key)
  network = await foundNetwork(rest, 'fleet', { ...SHAPE, topology: 'mesh' })
  fleet = await Fleet.start({ ...SHAPE, url, sites: network.sites, seed: SEED, tokens: network.tokens, disk: disk() })
  expect(await eventually(60, async () => (await edges()).length > 2 * SHAPE.nodes)).toBe(true)
  await allUp(90)
})

afterAll(async () => {
  await fleet?.stop()
  await server?.stop()
  if (data) await rm(data, { recursive: true, force: true })
})

const edges = async () => (await rest<Topology>('GET', `/networks/${network.id}/topology`)).edges
const nameOf = (id: string) => fleet.nodes.find((node) => node.id === id)?.who.name
/** But for direct ones that are still tried: NATs stand in the way of some. */
const notUp = async () =>
  (await edges()).flatMap(({ a, b, kind, status }) =>
    status === 'up' || (kind === 'direct' && status === 'unknown') ? [] : [`${nameOf(a)} ${nameOf(b)} ${status}`],
  )
async function allUp(seconds: number): Promise<void> {
  let last: string[] = []
  const are = async () => {
    last = await notUp()
    return last.length === 0
  }
  if (!(await eventually(seconds, are))) throw new Error(`not up within ${seconds} s: ${last.join(', ')}`)
}
const keysOf = (node: SimulatedNode) => rest<Keys>('GET', `/nodes/${node.id}/keys`)
const rotate = (node: SimulatedNode) => rest<Keys>('POST', `/nodes/${node.id}/keys/rotate`)
/** A gateway has no interface for direct paths. */
const own = ({ rotation, who }: SimulatedNode) =>
  who.role === 'gateway' ? [rotation.publicKey('main')] : [rotation.publicKey('main'), rotation.publicKey('direct')]
const whoHas = (key: string) => fleet.nodes.filter((node) => node.hasPeer(key)).length
const members = () => fleet.nodes.filter(({ who }) => who.role === 'member')

async function eventually(seconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(250)) if (await holds()) return true
  return false
}

test.each([
  { whose: 'of a member', pick: () => members()[0] },
  { whose: 'of a gateway', pick: () => fleet.gateway },
])('keys $whose are taken by themselves: no tunnel goes down, and nobody has the old ones', async ({ pick }) => {
  const node = pick() as SimulatedNode
  const before = own(node)
  const has = whoHas(before[0] as string)
  expect(has).toBeGreaterThan(1)
  const down = new Set<string>()
  const states = new Set([(await rotate(node)).rotation?.state])
  const isOver = async () => {
    for (const each of await notUp()) down.add(each)
    const { rotation } = await keysOf(node)
    states.add(rotation?.state)
    return rotation?.isRunning === false
  }
  expect(await eventually(60, isOver)).toBe(true)
  expect([...states]).toEqual(['making', 'staging', 'switching', 'done'])
  const after = await keysOf(node)
  expect(after.publicKey).toBe(node.keys.publicKey)
  expect(own(node).filter((key) => before.includes(key))).toEqual([])
  // Peers drop the old one with the next bundle, and see no difference but for that.
  expect(await eventually(30, async () => before.every((key) => whoHas(key) === 0))).toBe(true)
  expect(whoHas(after.publicKey)).toBe(has)
  // A tunnel without packets is called dead after 11 s.
  expect(await eventually(15, async () => (await notUp()).some((each) => down.add(each)))).toBe(false)
  expect([...down]).toEqual([])
})

test('a machine that is off is waited for and named; when it boots, the rotation goes on', async () => {
  const [off] = members().slice(2)
  const before = own(fleet.gateway)
  fleet.kill(off?.who.name ?? '')
  await rotate(fleet.gateway)
  const waits = async () =>
    /^\d+ of \d+ peers have the next key/.test((await keysOf(fleet.gateway)).rotation?.text ?? '')
  expect(await eventually(30, waits)).toBe(true)
  const missing = async () =>
    (await keysOf(fleet.gateway)).rotation?.peers.filter(({ state }) => state !== 'has').map(({ name }) => name)
  expect(await eventually(30, async () => (await missing())?.length === 1)).toBe(true)
  await sleep(5_000)
  expect(await missing()).toEqual([off?.who.name])
  expect(own(fleet.gateway)).toEqual(before)
  fleet.heal(off?.who.name ?? '')
  expect(await eventually(60, async () => (await keysOf(fleet.gateway)).rotation?.state === 'done')).toBe(true)
  await allUp(60)
})

test('keys under which nobody answers are given back', async () => {
  const node = members()[3] as SimulatedNode
  const before = own(node)
  fleet.strike('cut', { kind: 'cut', node: node.who.name })
  await rotate(node)
  expect(await eventually(90, async () => (await keysOf(node)).rotation?.isRunning === false)).toBe(true)
  expect((await keysOf(node)).rotation).toMatchObject({
    state: 'returned',
    text: expect.stringContaining('no peer answered under the next key within 30 s'),
  })
  expect(own(node)).toEqual(before)
  fleet.undo('cut')
  await allUp(60)
})

test('a fleet that is started again has the same machines, with the keys that they took', async () => {
  const before = fleet.nodes.map((node) => own(node))
  await fleet.stop()
  const members = await memberTokens(rest, network.id, SHAPE.nodes)
  const [gateway = ''] = Object.values(members)
  const tokens = { gateway, members }
  fleet = await Fleet.start({ ...SHAPE, url: server.url, sites: network.sites, seed: SEED, tokens, disk: disk() })
  expect(fleet.nodes.map((node) => own(node))).toEqual(before)
  await allUp(60)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
