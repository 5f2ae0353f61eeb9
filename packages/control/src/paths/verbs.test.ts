import { unpackCells } from '@spanwire/mesh/paths/packed-cells'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicKey } from '../machine/test-machine.ts'
import { previewTopology } from '../network/preview-topology.ts'
import { setTopology } from '../network/set-topology.ts'
import { approveRoute } from '../node/approve-route.ts'
import { drainNode } from '../node/drain-node.ts'
import { listRoutes } from '../node/list-routes.ts'
import { offerRoute } from '../node/offer-route.ts'
import { refuseRoute } from '../node/refuse-route.ts'
import { updateNode } from '../node/update-node.ts'
import { proposeSiteGateways } from '../site/propose-site-gateways.ts'
import { setSiteGateways } from '../site/set-site-gateways.ts'
import { testWorld, type World } from '../test-db.ts'
import { type Fleet, testFleet } from '../test-fleet.ts'
import { explainPath } from './explain-path.ts'
import { pathHistory } from './path-history.ts'
import { pathsMatrix } from './paths-matrix.ts'
import { prunePathChanges } from './prune-path-changes.ts'

const cellsOf = ({ cells, rows, at }: Awaited<ReturnType<typeof pathsMatrix>>) =>
  unpackCells(cells, rows, Date.parse(at))

let world: World
let fleet: Fleet

beforeEach(async () => {
  world = await testWorld()
  world.setNow(new Date())
  fleet = await testFleet(world.db, { organization: world.organization.id, members: 4, at: world.operator.now() })
  await sql('UPDATE nodes SET gateway_number = 1 WHERE id = $1', [fleet.gateway])
})
afterEach(() => world[Symbol.asyncDispose]())

test('a preview names each tunnel at both of its ends, and what is then set has just those', async () => {
  await knowLan()
  const preview = await previewTopology(world.viewer, { id: fleet.network, topology: 'sites' })
  // Four members of one site, each with each: six tunnels.
  expect(preview).toMatchObject({ from: 'hub', to: 'sites', appear: 6, go: 0, changed: 4 })
  expect(preview.nodes[0]?.appear.map(({ interfaceName }) => interfaceName)).toEqual(['span0d', 'span0d', 'span0d'])
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  await knowDirect()
  expect(await previewTopology(world.viewer, { id: fleet.network, topology: 'hub' })).toMatchObject({
    appear: 0,
    go: 6,
  })
  expect(await previewTopology(world.viewer, { id: fleet.network, topology: 'sites' })).toMatchObject({
    appear: 0,
    go: 0,
  })
})

test('a topology is set once by two who ask at once, and every node is read anew', async () => {
  await Promise.all([
    setTopology(world.admin, { id: fleet.network, topology: 'mesh' }),
    setTopology(world.admin, { id: fleet.network, topology: 'mesh' }),
  ])
  const rows = await sql<{ changed: string; revision: string }>(
    'SELECT DISTINCT n.changed_revision changed, w.revision FROM nodes n JOIN networks w ON w.id = n.network_id WHERE w.id = $1',
    [fleet.network],
  )
  expect(rows).toEqual([{ changed: '6', revision: '6' }])
  expect(await events('network.topology')).toHaveLength(1)
})

test('leaving a mesh, nobody is wanted any more', async () => {
  await setTopology(world.admin, { id: fleet.network, topology: 'mesh' })
  const [a, b] = [fleet.member(1), fleet.member(2)].sort()
  await sql(`INSERT INTO direct_pairs VALUES ($1, $2, $3, now(), now(), 'test')`, [fleet.network, a, b])
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  expect(await sql('SELECT 1 FROM direct_pairs')).toEqual([])
})

test('the addresses that machines told before are theirs in a LAN from the first moment', async () => {
  await sql(
    `UPDATE node_status SET facts = facts || '{"address":"eth0 192.168.1.20/24\\nspan0 10.64.0.2/16\\ndocker0 172.17.0.1/16"}' WHERE node_id = $1`,
    [fleet.member(1)],
  )
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  expect(await sql('SELECT lan_addresses a FROM nodes WHERE id = $1', [fleet.member(1)])).toEqual([
    { a: ['192.168.1.20'] },
  ])
})

test('a site takes gateways of its network only, and two different ones', async () => {
  const stranger = await testFleet(world.db, {
    organization: world.organization.id,
    members: 1,
    at: new Date(),
    name: 'other',
    cidr4: '10.65.0.0/16',
  })
  const set = (gateways: string[]) => setSiteGateways(world.operator, { id: fleet.site, gateways })
  await expect(set([stranger.gateway])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(set([fleet.member(1)])).rejects.toMatchObject({ reason: 'not-a-gateway' })
  await expect(set([fleet.gateway, fleet.gateway])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await secondGateway()
  expect((await set([fleet.member(1), fleet.gateway])).gateways.map(({ name }) => name)).toEqual(['member-1', 'gate'])
  expect(await events('site.gateways')).toMatchObject([{ after: { gateways: ['member-1', 'gate'] } }])
  expect((await set([])).gateways).toEqual([])
})

test('the nearest gateway is proposed first, by what nodes of the site measure', async () => {
  await secondGateway()
  await sql('UPDATE nodes SET site_id = NULL WHERE role = $1', ['gateway'])
  await sql(`UPDATE links SET rtt_ms = 40 WHERE node_id = $1 OR peer_id = $1`, [fleet.gateway])
  await link(fleet.member(2), fleet.member(1), 'span0b', 4)
  expect(await proposeSiteGateways(world.viewer, { id: fleet.site })).toMatchObject([
    { name: 'member-1', rttMs: 4, measured: true },
    { name: 'gate', rttMs: 40, measured: true },
  ])
})

test('gateways from before they could carry together get their numbers when something asks for more', async () => {
  await secondGateway()
  await sql('UPDATE nodes SET gateway_number = NULL')
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  expect(await sql(`SELECT name, gateway_number n FROM nodes WHERE role = 'gateway' ORDER BY ordinal`)).toEqual([
    { name: 'gate', n: 1 },
    { name: 'member-1', n: 2 },
  ])
})

test('the last gateway cannot be drained, nor a member; two at once cannot drain both', async () => {
  await expect(drainNode(world.operator, { id: fleet.member(1) })).rejects.toMatchObject({ reason: 'not-a-gateway' })
  await expect(drainNode(world.operator, { id: fleet.gateway })).rejects.toMatchObject({ reason: 'last-gateway' })
  await secondGateway()
  const both = await Promise.allSettled([fleet.gateway, fleet.member(1)].map((id) => drainNode(world.operator, { id })))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await sql('SELECT count(*)::int n FROM nodes WHERE draining', [])).toEqual([{ n: 1 }])
  // Where members are is kept in the same moment, so that the plan alone moves none of them.
  expect(await sql('SELECT DISTINCT slot_a, slot_b FROM nodes WHERE slot_first IS NOT NULL', [])).toEqual([
    { slot_a: fleet.gateway, slot_b: fleet.member(1) },
  ])
})

test('a LAN is offered, approved and taken back; its node is told each time, and nobody before', async () => {
  const route = { nodeId: fleet.member(1), prefix: '192.168.7.0/24' }
  expect(await offerRoute(world.operator, route)).toMatchObject({ state: 'offered', nodeName: 'member-1', notes: [] })
  const before = await revision()
  await expect(approveRoute(world.operator, route)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await approveRoute(world.admin, route)).toMatchObject({ state: 'approved' })
  expect(await revision()).toBe(before + 1)
  expect(await refuseRoute(world.operator, route)).toMatchObject({ state: 'refused' })
  expect(await revision()).toBe(before + 2)
  expect(await refuseRoute(world.operator, route)).toMatchObject({ state: 'refused' })
  expect(await revision()).toBe(before + 2)
  expect((await events('route.%')).map(({ action }) => action)).toEqual([
    'route.offer',
    'route.approve',
    'route.refuse',
  ])
})

test.each([
  { prefix: '10.64.3.0/24', reason: 'range-conflict', why: 'the network itself' },
  { prefix: '203.0.113.0/24', reason: 'endpoint-inside', why: 'a gateway is called in there' },
  { prefix: '10.0.0.0/7', reason: 'too-wide', why: 'it is more than a LAN' },
  { prefix: '127.0.0.0/8', reason: 'no-lan', why: 'it is on every machine' },
  { prefix: '192.168.7.5/24', reason: 'host-bits', why: 'it names one address' },
])('$prefix is refused: $why', async ({ prefix, reason }) => {
  await expect(offerRoute(world.operator, { nodeId: fleet.member(1), prefix })).rejects.toMatchObject(
    reason === 'host-bits' ? { field: 'prefix' } : { reason },
  )
})

test('no endpoint is given inside a LAN that is reached through a node, and outside of it one is', async () => {
  const route = { nodeId: fleet.member(1), prefix: '192.168.7.0/24' }
  await offerRoute(world.operator, route)
  const inside = { id: fleet.member(2), endpoint: '192.168.7.40:51820' }
  await updateNode(world.operator, inside)
  await updateNode(world.operator, { id: fleet.member(2), endpoint: null })
  await approveRoute(world.admin, route)
  await expect(updateNode(world.operator, inside)).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'inside-route',
    message: '192.168.7.40:51820 lies in 192.168.7.0/24, the LAN that is reached through member-1.',
  })
  expect(await updateNode(world.operator, { ...inside, endpoint: '192.168.8.40:51820' })).toMatchObject({
    endpoint: '192.168.8.40:51820',
  })
})

test('one range is approved behind one node only, by whoever comes first', async () => {
  const [first, second] = [1, 2].map((n) => ({ nodeId: fleet.member(n), prefix: '192.168.7.0/24' }))
  if (!first || !second) throw new Error('two members')
  for (const route of [first, second]) await offerRoute(world.operator, route)
  const both = await Promise.allSettled([first, second].map((route) => approveRoute(world.admin, route)))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('who has an address in the same LAN goes on reaching its own, and that is said', async () => {
  await sql(`UPDATE nodes SET lan_addresses = '{192.168.7.9}' WHERE id = $1`, [fleet.member(2)])
  const offered = await offerRoute(world.operator, { nodeId: fleet.member(1), prefix: '192.168.7.0/24' })
  expect(offered.notes).toEqual([expect.stringMatching(/^member-2 has an address in 192\.168\.7\.0\/24 itself/)])
})

test('LANs that machines have are found, until they are offered', async () => {
  await sql(
    `UPDATE node_status SET facts = facts || '{"address":"eth0 192.168.7.20/24\\nspan0 10.64.0.2/16\\neth1 8.8.8.8/24"}' WHERE node_id = $1`,
    [fleet.member(1)],
  )
  const found = { nodeId: fleet.member(1), nodeName: 'member-1', prefix: '192.168.7.0/24' }
  expect(await listRoutes(world.viewer, { network: fleet.network })).toEqual({ routes: [], found: [found] })
  await offerRoute(world.operator, { nodeId: found.nodeId, prefix: found.prefix })
  expect(await listRoutes(world.viewer, { network: fleet.network })).toMatchObject({
    routes: [{ state: 'offered' }],
    found: [],
  })
})

test('whoever decides on a LAN reads in the list who is in such a one already', async () => {
  for (const place of [1, 2]) {
    await sql(
      `UPDATE node_status SET facts = facts || '{"address":"eth0 192.168.7.2${place}/24"}' WHERE node_id = $1`,
      [fleet.member(place)],
    )
  }
  const route = { nodeId: fleet.member(1), prefix: '192.168.7.0/24' }
  await offerRoute(world.operator, route)
  const notes = async () => (await listRoutes(world.viewer, { network: fleet.network })).routes[0]?.notes
  expect(await notes()).toEqual([expect.stringMatching(/^member-2 has an address in 192\.168\.7\.0\/24 itself/)])
  await refuseRoute(world.operator, route)
  expect(await notes()).toEqual([])
})

test('the matrix has every pair once, measured over all of its tunnels', async () => {
  const matrix = await pathsMatrix(world.viewer, { network: fleet.network })
  expect(matrix).toMatchObject({ by: 'node', network: { topology: 'hub' } })
  expect(matrix.rows.map(({ name }) => name)).toEqual(['gate', 'member-1', 'member-2', 'member-3', 'member-4'])
  const cells = cellsOf(matrix)
  expect(cells).toHaveLength(10)
  expect(cells[0]).toMatchObject({ a: 0, b: 1, kind: 'gateway', status: 'up', rttMs: 12.5, loss: 0.01 })
  expect(cells.at(-1)).toMatchObject({ a: 3, b: 4, kind: 'relayed', status: 'up', rttMs: 25, loss: 0.02 })
})

test('a large network is shown by its sites, and one site by its nodes', async () => {
  const large = await testFleet(world.db, {
    organization: world.organization.id,
    members: 320,
    at: world.viewer.now(),
    name: 'large',
    cidr4: '10.66.0.0/16',
  })
  await sql(`UPDATE nodes SET site_id = NULL WHERE network_id = $1 AND ordinal > 200`, [large.network])
  const matrix = await pathsMatrix(world.viewer, { network: large.network })
  expect(matrix.rows.map(({ name, nodes }) => [name, nodes])).toEqual([
    ['Berlin', 200],
    ['without a site', 121],
  ])
  expect(cellsOf(matrix).map(({ a, b, pairs, kind, status }) => [a, b, pairs, kind, status])).toEqual([
    [0, 0, 19_900, 'relayed', 'up'],
    [0, 1, 24_200, 'relayed', 'up'],
    [1, 1, 7_260, 'relayed', 'up'],
  ])
  const inside = await pathsMatrix(world.viewer, { network: large.network, site: large.site })
  expect([inside.by, inside.rows.length]).toEqual(['node', 200])
})

test('300 nodes are less than 300 kB, and six letters for each pair', async () => {
  const full = await testFleet(world.db, {
    organization: world.organization.id,
    members: 299,
    at: world.viewer.now(),
    name: 'full',
    cidr4: '10.66.0.0/16',
  })
  const matrix = await pathsMatrix(world.viewer, { network: full.network })
  expect([matrix.by, matrix.rows.length, cellsOf(matrix).length]).toEqual(['node', 300, 44_850])
  const { direct: _, ...columns } = matrix.cells
  expect(Object.values(columns).join('')).toHaveLength(6 * 44_850)
  expect(Buffer.byteLength(JSON.stringify(matrix))).toBeLessThan(300_000)
})

test('a carried pair says through whom and why, and a hub says that it is one', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  expect(await explain(a, b)).toMatchObject({
    kind: 'relayed',
    status: 'up',
    text: 'through gate: in a hub the gateways carry everything',
    there: { hops: [{ fromName: 'member-1', toName: 'gate', status: 'up' }, { toName: 'member-2' }], rttMs: 25 },
    oneWay: [],
    tries: null,
  })
})

test('two hard NATs stay carried and say why', async () => {
  await secondGateway()
  const [a, b] = [fleet.member(2), fleet.member(3)]
  await setTopology(world.admin, { id: fleet.network, topology: 'mesh' })
  await knowDirect()
  await sql('UPDATE nodes SET site_id = NULL WHERE network_id = $1', [fleet.network])
  for (const id of [a, b]) {
    await sql(
      `INSERT INTO observed_endpoints VALUES ($1, $2, '198.51.100.' || $4 || ':1000', now()), ($1, $3, '198.51.100.' || $4 || ':2000', now())`,
      [id, fleet.gateway, fleet.member(1), id === a ? '7' : '8'],
    )
  }
  expect((await explain(a, b)).text).toMatch(/^through gate: both ends are behind NATs that give a new port/)
  expect(await explain(a, b)).toMatchObject({ from: { nat: 'hard' }, to: { nat: 'hard' } })
})

test('a direct path is one because both say so; dead, it says when it was tried and is next, as its node does', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  await knowDirect()
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const)
    await link(from, to, 'span0d', 0.4, '192.168.1.2:40001')
  expect(await explain(a, b)).toMatchObject({
    kind: 'lan',
    text: 'directly, inside of their LAN',
    there: { rttMs: 0.4 },
  })
  await sql(`UPDATE links SET state = 'dead', since_at = $1 WHERE interface_name = 'span0d'`, [
    new Date(world.viewer.now().getTime() - 90_000),
  ])
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    await sql(`INSERT INTO path_states VALUES ($1, $2, 'default', $3, 'dead')`, [from, to, new Date()])
  }
  // Scripts that do not say it: nothing is made up.
  expect(await explain(a, b)).toMatchObject({
    ...{ kind: 'relayed', why: null, tries: null },
    text: expect.stringMatching(/^through gate: the direct path has been dead for [^;]*$/),
  })
  const now = world.viewer.now().getTime()
  const tries = (from: string, last: Date, next: Date | null) =>
    sql(`UPDATE links SET tried_at = $2, next_try_at = $3 WHERE node_id = $1 AND interface_name = 'span0d'`, [
      ...[from, last, next],
    ])
  const [last, next] = [new Date(now - 80_000), new Date(now + 200_000)]
  const clock = (time: Date) => time.toISOString().slice(11, 16)
  await tries(b, last, next)
  // The first cannot call the second: then it is the second that tries.
  for (const pair of [[a, b] as const, [b, a] as const])
    expect(await explain(...pair)).toMatchObject({
      tries: { lastAt: last.toISOString(), nextAt: next.toISOString(), roundMs: 45_000 },
      text: expect.stringMatching(`; last tried ${clock(last)}, next ${clock(next)} UTC$`),
    })
  await tries(a, new Date(now - 5_000), null)
  expect(await explain(a, b)).toMatchObject({
    tries: { lastAt: new Date(now - 5_000).toISOString(), nextAt: null, roundMs: 45_000 },
    text: expect.stringMatching(`; being tried since ${clock(new Date(now - 5_000))} UTC$`),
  })
  expect((await explain(b, a)).tries).toMatchObject({ lastAt: last.toISOString() })
  // Who was not heard lately may have tried since.
  await sql(`UPDATE links SET reported_at = $2 WHERE node_id = $1`, [a, new Date(now - 50_000)])
  expect((await explain(a, b)).tries).toMatchObject({ lastAt: last.toISOString() })
  await sql(`UPDATE links SET reported_at = $1`, [new Date(now - 50_000)])
  expect((await explain(a, b)).tries).toBeNull()
})

test('a link that one end hears and the other does not is one-way', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  await sql(`UPDATE links SET state = 'dead', since_at = $2 WHERE node_id = $1`, [
    a,
    new Date(world.viewer.now().getTime() - 60_000),
  ])
  expect(await explain(a, b)).toMatchObject({ status: 'one-way', oneWay: [{ fromName: 'member-1', toName: 'gate' }] })
})

test('a direct tunnel that one end hears is told with a pair that gateways carry for it', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  await setTopology(world.admin, { id: fleet.network, topology: 'sites' })
  await knowDirect()
  await link(a, b, 'span0d', 0.4)
  await link(b, a, 'span0d', 0.4)
  await sql(`UPDATE links SET state = 'dead', since_at = $3, heard_at = $3 WHERE node_id = $1 AND peer_id = $2`, [
    b,
    a,
    new Date(world.viewer.now().getTime() - 60_000),
  ])
  for (const [from, to] of [
    [a, b],
    [b, a],
  ])
    await sql(`INSERT INTO path_states VALUES ($1, $2, 'default', now(), 'dead')`, [from, to])
  const found = await explain(a, b)
  expect(found).toMatchObject({ kind: 'relayed', status: 'up', oneWay: [{ fromName: 'member-2', toName: 'member-1' }] })
  expect(found.text).toMatch(/^through gate: the direct path is one-way: packets go from member-2 to member-1 but not/)
})

test('a dead way is as old as the last proof that it lived, also where the node has given it up', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  const proven = new Date(world.viewer.now().getTime() - 600_000)
  await sql(
    `UPDATE links SET state = 'dead', since_at = $3, heard_at = $3 WHERE $1 IN (node_id, peer_id) AND $2 IN (node_id, peer_id)`,
    [...[fleet.gateway, b, proven]],
  )
  const found = await explain(a, b)
  expect(found.text).toMatch(
    /^nothing gets through between gate and member-2: .* has heard nothing for 10 min\. It goes through gate: in a hub/,
  )
  expect(found).toMatchObject({ kind: 'relayed', status: 'down', there: { evidenceAt: proven.toISOString() } })
  expect(found.there.hops.at(-1)).toMatchObject({ toName: 'member-2', evidenceAt: proven.toISOString() })
  await sql(`INSERT INTO path_states VALUES ($1, $2, 'unreachable', $3, 'dead')`, [fleet.gateway, b, proven])
  expect(await explain(a, b)).toMatchObject({
    kind: 'unreachable',
    there: { evidenceAt: proven.toISOString(), sinceAt: proven.toISOString() },
  })
  const { rows, ...matrix } = await pathsMatrix(world.viewer, { network: fleet.network })
  const place = (name: string) => rows.findIndex((row) => row.name === name)
  const ends = [place('member-1'), place('member-2')].sort((x, y) => x - y)
  const cell = [...cellsOf({ rows, ...matrix })].find((one) => one.a === ends[0] && one.b === ends[1])
  expect(Math.abs((cell?.evidenceAt ?? 0) - proven.getTime())).toBeLessThan(10_000)
})

test('what no way leads to is said with who has none', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  await sql(`INSERT INTO path_states VALUES ($1, $1, 'unreachable', now(), 'dead')`, [a])
  expect(await explain(a, b)).toMatchObject({
    kind: 'unreachable',
    text: 'there is no way: member-1 has none that lives and leads on to member-2',
  })
})

test('the history of a pair has both directions, the newest first', async () => {
  const [a, b, c] = [fleet.member(1), fleet.member(2), fleet.member(3)]
  const change = (from: string, to: string, way: string, minutes: number) =>
    sql(`INSERT INTO path_changes VALUES (gen_random_uuid(), $1, $2, $3, $4, NULL, $5, 'dead')`, [
      fleet.network,
      from,
      to,
      new Date(world.viewer.now().getTime() - minutes * 60_000),
      way,
    ])
  await change(a, b, 'default', 3)
  await change(b, a, 'unreachable', 2)
  await change(a, a, 'span0', 1)
  await change(a, c, 'unreachable', 1)
  const ofPair = await pathHistory(world.viewer, { network: fleet.network, fromId: a, toId: b })
  expect(ofPair.map(({ text }) => text)).toEqual([
    'member-1 to all others: through gate, because the way before was dead',
    'member-2 to member-1: no way, because the way before was dead',
    'member-1 to member-2: through gateways, because the way before was dead',
  ])
  expect(await pathHistory(world.viewer, { network: fleet.network, limit: 2 })).toHaveLength(2)
})

test('the history ends after 30 days, and a node that never rests keeps its newest', async () => {
  const [a, b] = [fleet.member(1), fleet.member(2)]
  for (const [id, days] of [
    [a, 31],
    [a, 29],
    [b, 3],
    [b, 2],
    [b, 1],
  ] as const)
    await sql(`INSERT INTO path_changes VALUES (gen_random_uuid(), $1, $2, $2, $3, NULL, $4, 'dead')`, [
      fleet.network,
      id,
      new Date(world.viewer.now().getTime() - days * 86_400_000),
      `${days}`,
    ])
  await prunePathChanges(world.db, world.viewer.now(), 2)
  const left = await sql<{ days: string }>('SELECT to_way days FROM path_changes ORDER BY at')
  expect(left.map(({ days }) => days)).toEqual(['29', '2', '1'])
})

const explain = (fromId: string, toId: string) => explainPath(world.viewer, { network: fleet.network, fromId, toId })

async function sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await world.db.pool.query(text, [...values])).rows as Row[]
}

/** Every member has an address in one LAN. */
const knowLan = () =>
  sql(
    `UPDATE nodes SET lan_addresses = ARRAY['192.168.1.' || (ordinal - 1)] WHERE network_id = $1 AND role = 'member'`,
    [fleet.network],
  )

/** And has said its key. */
async function knowDirect(): Promise<void> {
  await knowLan()
  const rows = await sql<{ id: string }>(`SELECT id FROM nodes WHERE network_id = $1 AND role = 'member'`, [
    fleet.network,
  ])
  for (const { id } of rows) {
    await sql('UPDATE nodes SET direct_key = $2, direct_port = 40001 WHERE id = $1', [id, publicKey()])
  }
}

/** The first member is one. */
const secondGateway = () =>
  sql(`UPDATE nodes SET role = 'gateway', endpoint = '203.0.113.8:51820', gateway_number = 2 WHERE id = $1`, [
    fleet.member(1),
  ])

async function link(
  from: string,
  to: string,
  name: string,
  rtt: number,
  endpoint = '203.0.113.8:51820',
): Promise<void> {
  await sql(
    `INSERT INTO links (node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at, endpoint, rtt_ms)
     VALUES ($1, $2, $3, $4, 'alive', $4, $4, $4, $6, $5)`,
    [from, to, name, world.viewer.now(), rtt, endpoint],
  )
}

const events = (like: string) =>
  sql<{ action: string; after: unknown }>('SELECT action, after FROM events WHERE action LIKE $1 ORDER BY at, id', [
    like,
  ])

async function revision(): Promise<number> {
  const [row] = await sql<{ revision: string }>('SELECT revision FROM networks WHERE id = $1', [fleet.network])
  return Number(row?.revision)
}
