import { afterEach, beforeEach, expect, test } from 'vitest'
import { updateNetwork } from '../network/update-network.ts'
import { testWorld, type World } from '../test-db.ts'
import { type Fleet, testFleet } from '../test-fleet.ts'
import { pathMtu } from './path-mtu.ts'

let world: World
let fleet: Fleet

beforeEach(async () => {
  world = await testWorld()
  world.setNow(new Date())
  fleet = await testFleet(world.db, { organization: world.organization.id, members: 3, at: world.operator.now() })
})
afterEach(() => world[Symbol.asyncDispose]())

const read = () => pathMtu(world.viewer, { network: fleet.network })
const measured = (member: number, bytes: number) =>
  world.db.pool.query('UPDATE links SET path_mtu = $2 WHERE node_id = $1', [fleet.member(member), bytes])

test('while nothing is measured, that is said, and nothing is wanted', async () => {
  expect(await read()).toMatchObject({
    mtu: 1420,
    verdict: 'unknown',
    wanted: null,
    narrowest: null,
    measured: 0,
    pods: null,
  })
})

test('the narrowest way is named with what it leaves, and once that is set it fits', async () => {
  await measured(1, 1500)
  await measured(2, 1400)
  await measured(3, 1460)
  const found = await read()
  expect(found).toMatchObject({ verdict: 'narrow', wanted: 1340, measured: 3 })
  expect(found.narrowest).toMatchObject({
    fromName: 'member-2',
    toName: 'gate',
    bytes: 1400,
    leaves: 1340,
    outside: 'ipv4',
  })
  expect(found.narrow.map(({ fromName }) => fromName)).toEqual(['member-2', 'member-3'])
  expect(found.text).toContain('from member-2 to gate carries packets of 1400 bytes, which leaves 1340')
  await updateNetwork(world.admin, { id: fleet.network, mtu: found.wanted ?? 0 })
  expect(await read()).toMatchObject({ mtu: 1340, verdict: 'fits', wanted: null, narrow: [] })
})

test('with IPv6 outside 20 bytes less are left', async () => {
  await measured(1, 1492)
  expect(await read()).toMatchObject({ verdict: 'fits' })
  await world.db.pool.query(`UPDATE links SET endpoint = '[2001:db8::7]:51820' WHERE node_id = $1`, [fleet.member(1)])
  expect(await read()).toMatchObject({ verdict: 'narrow', wanted: 1412 })
})

test('where a machine measured it only before it joined the cluster, that counts', async () => {
  await world.db.pool.query(
    `INSERT INTO preflights (node_id, facts, facts_at) VALUES ($1, $3, now()), ($2, $4, now())`,
    [fleet.member(1), fleet.gateway, 'link-mtu 1500\npath-mtu 1380\ncpus 4\n', 'path-mtu 900\n'],
  )
  expect(await read()).toMatchObject({ measured: 1, wanted: 1320, narrowest: { fromName: 'member-1', bytes: 1380 } })
  await measured(1, 1500)
  expect(await read()).toMatchObject({ measured: 1, verdict: 'fits' })
})

test('who is paused makes nothing narrow', async () => {
  await measured(1, 1300)
  await world.db.pool.query(`UPDATE nodes SET state = 'paused' WHERE id = $1`, [fleet.member(1)])
  expect(await read()).toMatchObject({ verdict: 'unknown' })
})
