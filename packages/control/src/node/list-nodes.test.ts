import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { ListNodesOutput, listNodes } from './list-nodes.ts'

const at = new Date('2026-03-01T12:00:00.000Z')

test('a node row has its address, three facts, measures and revision', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 2, at })
  const rows = ListNodesOutput.parse(await listNodes(world.viewer, { network: fleet.network }))
  expect(rows.map((row) => row.name)).toEqual(['gate', 'member-1', 'member-2'])
  expect(rows[1]).toMatchObject({
    role: 'member',
    siteName: 'Berlin',
    labels: { rack: 'a' },
    address4: '10.64.0.2',
    address6: 'fd00:64::2',
    cpu: 0.5,
    memoryUsed: 0.6,
    diskUsed: expect.closeTo(0.1),
    rxRate: 100,
    kernel: '6.1.0',
    reportedAt: at.toISOString(),
    // The change of revision 5 was not one that this node can see.
    revision: { desired: 4, applied: 4, epochApplied: 1, current: true, pendingSince: null },
    facts: {
      reporting: { status: 'good', at: at.toISOString() },
      tunnels: { status: 'good', text: '1 of 1 alive, oldest handshake 30 s' },
      cluster: { status: 'none' },
    },
  })
  expect(rows[0]?.facts.tunnels.text).toBe('2 of 2 alive, oldest handshake 30 s')
})

test('a silent node keeps its last report and loses its measures; its tunnels are as the others see them', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  const longAgo = new Date(at.getTime() - 600_000)
  await world.db.pool.query('update node_status set reported_at = $2 where node_id = $1', [fleet.member(1), longAgo])
  await world.db.pool.query('update links set reported_at = $2 where node_id = $1', [fleet.member(1), longAgo])
  const [, row] = await listNodes(world.viewer, { network: fleet.network })
  expect(row).toMatchObject({
    cpu: null,
    rxRate: null,
    reportedAt: longAgo.toISOString(),
    facts: { reporting: { status: 'bad', text: 'silent: last report 10 min ago' }, tunnels: { status: 'good' } },
  })
})

test('a node that does not take the present configuration is not current', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await world.db.pool.query('update node_status set behind_since = $2 where node_id = $1', [fleet.gateway, at])
  await world.db.pool.query('update node_status set applied_epoch = 0 where node_id = $1', [fleet.member(1)])
  const [gate, member] = await listNodes(world.viewer, { network: fleet.network })
  expect(gate?.revision).toEqual({
    desired: 5,
    applied: 4,
    epochApplied: 1,
    current: false,
    pendingSince: at.toISOString(),
  })
  expect(member?.revision).toEqual({ desired: 5, applied: 4, epochApplied: 0, current: false, pendingSince: null })
})

test('a paused node and its peers do not count the tunnel that was taken off on purpose', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 2, at })
  await world.db.pool.query(`update nodes set state = 'paused' where id = $1`, [fleet.member(1)])
  const [gate, paused] = await listNodes(world.viewer, { network: fleet.network })
  expect(gate?.facts.tunnels.text).toContain('1 of 1 alive')
  expect(paused?.facts.tunnels).toEqual({ status: 'none', text: 'paused: its peers do not have it', at: null })
})

test('a tunnel that a later report does not mention any more is gone', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 2, at })
  const before = new Date(at.getTime() - 90_000)
  await world.db.pool.query(
    'update links set reported_at = $3 where $1 in (node_id, peer_id) and $2 in (node_id, peer_id)',
    [fleet.gateway, fleet.member(1), before],
  )
  const [gate, member] = await listNodes(world.viewer, { network: fleet.network })
  expect(gate?.facts.tunnels.text).toContain('1 of 1 alive')
  expect(member?.facts.tunnels.status).toBe('none')
})

test('5,000 nodes are read whole, each with its own tunnel', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 4999, at })
  const [odd] = [fleet.member(4321)]
  await world.db.pool.query(
    `update links set state = 'dead', since_at = $2, heard_at = $3 where $1 in (node_id, peer_id)`,
    [odd, new Date(at.getTime() - 20_000), new Date(at.getTime() - 32_000)],
  )
  await world.db.pool.query('analyze')
  const rows = await listNodes(world.viewer, { network: fleet.network })
  expect(rows).toHaveLength(5000)
  expect(new Set(rows.map((row) => row.address4)).size).toBe(5000)
  const bad = rows.filter((row) => row.facts.tunnels.status !== 'good')
  expect(bad.map((row) => [row.name, row.facts.tunnels.status])).toEqual([
    ['gate', 'warn'],
    ['member-4321', 'bad'],
  ])
})
