import { expect, test } from 'vitest'
import { testWorld, type World } from '../test-db.ts'
import { type Fleet, testFleet } from '../test-fleet.ts'
import { GetTopologyOutput, getTopology } from './get-topology.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const ago = (seconds: number): Date => new Date(at.getTime() - seconds * 1000)

/** What one end reported, in the words of the table. */
type Said = { state?: 'alive' | 'dead' | 'unknown'; reported?: number; since?: number; heard?: number | null }

test.each<{ it: string; gateway: Said | null; member: Said | null; want: Record<string, unknown> }>([
  { it: 'is up while both ends hear', gateway: {}, member: {}, want: { status: 'up', rttMs: 12.5, rate: 150 } },
  {
    it: 'is up on the word of one end when the other has said nothing',
    gateway: null,
    member: {},
    want: { status: 'up', rate: 150 },
  },
  {
    it: 'is down once both have given up, and carries nothing',
    gateway: { state: 'dead', since: 20, heard: 32 },
    member: { state: 'dead', since: 19, heard: 31 },
    want: { status: 'down', rttMs: null, rate: 0 },
  },
  {
    it: 'is one-way when only one end hears',
    gateway: { state: 'dead', since: 20, heard: 32 },
    member: { heard: 1 },
    want: { status: 'one-way' },
  },
  {
    it: 'is stale, not up, when neither end has reported',
    gateway: { reported: 50, heard: 51 },
    member: { reported: 50, heard: 51 },
    want: { status: 'stale', rate: 0 },
  },
  {
    it: 'is unknown before the first answer',
    gateway: { state: 'unknown', heard: null },
    member: { state: 'unknown', heard: null },
    want: { status: 'unknown', rate: 0 },
  },
  { it: 'that nobody reports is not drawn', gateway: null, member: null, want: {} },
])('a tunnel $it', async ({ gateway, member, want }) => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await say(world, fleet.gateway, gateway)
  await say(world, fleet.member(1), member)
  const { edges } = GetTopologyOutput.parse(await getTopology(world.viewer, { network: fleet.network }))
  const [a, b] = [fleet.gateway, fleet.member(1)].sort()
  const drawn = Object.keys(want).length === 0 ? [] : [{ id: `${a}.${b}`, a, b, kind: 'gateway', ...want }]
  expect(edges).toMatchObject(drawn)
  expect(edges).toHaveLength(drawn.length)
})

test('each end of an edge keeps its own words', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await world.db.pool.query('update links set rtt_ms = 40, sent = 40, lost = 20 where node_id = $1', [fleet.gateway])
  const [edge] = (await getTopology(world.viewer, { network: fleet.network })).edges
  const isGatewayFirst = edge?.a === fleet.gateway
  expect(isGatewayFirst ? edge?.aSees : edge?.bSees).toMatchObject({ rttMs: 40, loss: 0.5 })
  expect(isGatewayFirst ? edge?.bSees : edge?.aSees).toMatchObject({ rttMs: 12.5, loss: 0.01 })
  expect(edge?.loss).toBe(0.5)
})

test('an invited node is drawn without edges', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await world.db.prisma.node.create({
    data: { networkId: fleet.network, name: 'next', role: 'member', state: 'invited', createdBy: 'test' },
  })
  const { nodes, edges, sites } = await getTopology(world.viewer, { network: fleet.network })
  expect(nodes.map((node) => [node.name, node.address4])).toEqual([
    ['gate', '10.64.0.1'],
    ['member-1', '10.64.0.2'],
    ['next', null],
  ])
  expect(edges).toHaveLength(1)
  expect(sites.map((site) => site.name)).toEqual(['Berlin'])
})

test('1,000 nodes are one picture', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 999, at })
  const { nodes, edges } = await getTopology(world.viewer, { network: fleet.network })
  expect([nodes.length, edges.length]).toEqual([1000, 999])
  expect(edges.every((edge) => edge.a < edge.b && edge.status === 'up')).toBe(true)
  expect(new Set(edges.map((edge) => edge.id)).size).toBe(999)
})

async function say(world: World, node: Fleet['gateway'], said: Said | null): Promise<void> {
  if (said === null) {
    await world.db.pool.query('delete from links where node_id = $1', [node])
    return
  }
  const { state = 'alive', reported = 0, since = 600, heard = 1 } = said
  await world.db.pool.query(
    'update links set state = $2, reported_at = $3, since_at = $4, heard_at = $5 where node_id = $1',
    [node, state, ago(reported), ago(since), heard === null ? null : ago(heard)],
  )
  await world.db.pool.query('update node_status set reported_at = $2 where node_id = $1', [node, ago(reported)])
}
