import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { getNetwork } from './get-network.ts'
import { ListNetworksOutput, listNetworks } from './list-networks.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const ago = (seconds: number): Date => new Date(at.getTime() - seconds * 1000)

test('the worst network comes first, with what is wrong in it', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const organization = world.organization.id
  await testFleet(world.db, { organization, members: 1, at, name: 'a-well', cidr4: '10.1.0.0/16' })
  const behind = await testFleet(world.db, { organization, members: 1, at, name: 'b-behind', cidr4: '10.2.0.0/16' })
  const cut = await testFleet(world.db, { organization, members: 2, at, name: 'c-cut', cidr4: '10.3.0.0/16' })
  await world.db.pool.query('update node_status set behind_since = $2 where node_id = $1', [behind.gateway, ago(300)])
  await world.db.pool.query(
    `update links set state = 'dead', since_at = $2, heard_at = $3 where $1 in (node_id, peer_id)`,
    [cut.member(2), ago(20), ago(32)],
  )
  const networks = ListNetworksOutput.parse(await listNetworks(world.viewer, {}))
  expect(networks.map(({ name, problem }) => [name, problem?.severity, problem?.text])).toEqual([
    ['c-cut', 'bad', expect.stringContaining('member-2 has no tunnel alive')],
    ['b-behind', 'warn', 'gate has not applied the present configuration for 5 min'],
    ['a-well', undefined, undefined],
  ])
  expect(networks[0]?.counts).toEqual({
    nodes: 3,
    gateways: 1,
    sites: 1,
    reporting: 3,
    tunnelsUp: 1,
    tunnelsKnown: 2,
    invited: 0,
  })
  expect(networks[0]?.rates).toEqual({ rx: 300, tx: 150 })
})

test('a direct path for which gateways carry is no tunnel that should be alive', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 2, at })
  await world.db.pool.query(
    `insert into links (node_id, peer_id, interface_name, reported_at, state, since_at) values ($1, $2, 'span0d', $3, 'dead', $3)`,
    [fleet.member(1), fleet.member(2), at],
  )
  const counts = async () => (await getNetwork(world.viewer, { id: fleet.network })).counts
  expect(await counts()).toMatchObject({ tunnelsUp: 2, tunnelsKnown: 2 })
  await world.db.pool.query(
    `update links set state = 'alive', heard_at = $1, handshake_at = $1 where interface_name = 'span0d'`,
    [at],
  )
  expect(await counts()).toMatchObject({ tunnelsUp: 3, tunnelsKnown: 3 })
})

test('traffic is the sum over the nodes, in steps of five minutes', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  expect((await getNetwork(world.viewer, { id: fleet.network })).traffic).toEqual([])
  for (const node of [fleet.gateway, fleet.member(1)]) {
    await world.db.pool.query('insert into samples_5m (node_id, at, rx, tx) values ($1, $2, 10, 5)', [node, ago(600)])
  }
  expect((await getNetwork(world.viewer, { id: fleet.network })).traffic).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 0])
})

test('a restored database is said on the network until a day has passed', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await world.db.pool.query('update networks set epoch = 2, restored_at = $2 where id = $1', [fleet.network, ago(60)])
  const { problem } = await getNetwork(world.viewer, { id: fleet.network })
  expect(problem).toEqual({
    severity: 'warn',
    text: 'The database was restored from an older state 60 s ago; 2 nodes have yet to take its configuration',
  })
})
