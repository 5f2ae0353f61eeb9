// Paths of a simulated fleet against the real server: two gateways, a mesh, what breaks, and what the console is then told.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PackedCells, unpackCells } from '@spanwire/mesh/paths/packed-cells'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ControlPlane } from '../control-plane.ts'
import { Fleet } from './fleet.ts'
import { type FoundedNetwork, foundNetwork } from './found-network.ts'
import { type Rest, restOf } from './rest.ts'

type Row = { id: string; name: string; role: string; site: number | null; nodes: number }
type Matrix = { rows: Row[]; cells: PackedCells; at: string }
type Explained = { kind: string; status: string; text: string; there: { hops: { toName: string }[] } }

const NODES = 14
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
  network = await foundNetwork(rest, 'fleet', { nodes: NODES, sites: 3, gateways: 2, topology: 'mesh' })
  fleet = await Fleet.start({
    url,
    nodes: NODES,
    gateways: 2,
    sites: network.sites,
    seed: 'paths',
    tokens: network.tokens,
  })
})

afterAll(async () => {
  await fleet?.stop()
  await server?.stop()
  if (data) await rm(data, { recursive: true, force: true })
})

const cellsOf = async () => {
  const { rows, cells, at } = await rest<Matrix>('GET', `/networks/${network.id}/paths`)
  return { rows, cells: unpackCells(cells, rows, Date.parse(at)) }
}
const explain = (from: string, to: string) =>
  rest<Explained>('GET', `/networks/${network.id}/paths/${fleet.nodeOf(from).id}/${fleet.nodeOf(to).id}`)

async function eventually(seconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) if (await holds()) return true
  return false
}

test('members of one site reach each other in their LAN, the others are carried, and all of it is measured', async () => {
  const isThere = async () => {
    const { rows, cells } = await cellsOf()
    const near = cells.filter(
      ({ a, b }) => [a, b].every((i) => rows[i]?.role === 'member') && rows[a]?.site === rows[b]?.site,
    )
    return (
      cells.length === (NODES * (NODES - 1)) / 2 &&
      near.every(({ kind }) => kind === 'lan') &&
      cells.every(({ status }) => status === 'up')
    )
  }
  expect(await eventually(120, isThere)).toBe(true)
  const { cells } = await cellsOf()
  expect(new Set(cells.map(({ kind }) => kind))).toContain('gateway')
  expect(cells.every(({ rttMs }) => rttMs !== null)).toBe(true)
})

test('who talks across sites becomes direct, unless a NAT stands in the way, and that is said', async () => {
  const members = fleet.nodes.filter(({ who }) => who.role === 'member')
  const across = members.flatMap((a, i) =>
    members.slice(i + 1).flatMap((b) => (a.who.site === b.who.site ? [] : [[a, b] as const])),
  )
  const easy = across.filter(([a, b]) => a.who.nat === 'easy' && b.who.nat === 'easy')
  const hard = across.find(([a, b]) => a.who.nat === 'hard' || b.who.nat === 'hard')
  const someDirect = async () => {
    for (const [a, b] of easy) if ((await explain(a.who.name, b.who.name)).kind === 'direct') return true
    return false
  }
  expect(easy.length > 0 ? await eventually(150, someDirect) : true).toBe(true)
  if (!hard) return
  const said = async () =>
    /NAT.* gives a new port for each destination/.test((await explain(hard[0].who.name, hard[1].who.name)).text)
  expect(await eventually(60, said)).toBe(true)
})

test('a gateway that goes off is stood in for, and the history of ways has it', async () => {
  const [gateway, other] = fleet.nodes
  const someone = fleet.nodes.find(({ who }) => who.role === 'member')
  if (!gateway || !other || !someone) throw new Error('two gateways and a member')
  fleet.kill(gateway.who.name)
  type Change = { nodeName: string; peerName: string | null; text: string; cause: string }
  const changes = () => rest<Change[]>('GET', `/networks/${network.id}/path-changes?limit=200`)
  const moved = async () =>
    (await changes()).some(
      ({ peerName, cause, text }) => peerName === null && cause === 'dead' && text.includes(other.who.name),
    )
  expect(await eventually(60, moved)).toBe(true)
  const far = fleet.nodes.find(({ who }) => who.role === 'member' && who.site !== someone.who.site)
  const carried = async () => {
    const { kind, status, there } = await explain(someone.who.name, far?.who.name ?? '')
    return status === 'up' && (kind === 'direct' || there.hops.some(({ toName }) => toName === other.who.name))
  }
  expect(await eventually(60, carried)).toBe(true)
  fleet.heal(gateway.who.name)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
