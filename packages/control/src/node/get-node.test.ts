import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { GetNodeOutput, getNode } from './get-node.ts'

const at = new Date('2026-03-01T12:00:00.000Z')

test('a node shows its peers, what it says of itself, and its problems with their fixes', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 2, at })
  await world.db.pool.query(`update node_status set notes = $2, clock_skew_ms = 200000 where node_id = $1`, [
    fleet.gateway,
    JSON.stringify([{ code: 'host-firewall', text: 'iptables FORWARD drops' }]),
  ])
  const node = GetNodeOutput.parse(await getNode(world.viewer, { id: fleet.gateway }))
  expect(node.factsRaw).toEqual({ kernel: '6.1.0', os: 'Debian 12', wireguard: 'kernel' })
  expect(node.peers.map((peer) => [peer.peerName, peer.status, peer.rxBytes, peer.txBytes, peer.loss])).toEqual([
    ['member-1', 'up', 10000, 5000, 0.01],
    ['member-2', 'up', 10000, 5000, 0.01],
  ])
  expect(node.problems.map((problem) => [problem.severity, problem.text])).toEqual([
    ['bad', 'gate has a wrong clock: its clock is 3 min ahead of the server'],
    ['warn', 'gate says: iptables FORWARD drops'],
  ])
  expect(node.notes).toEqual([
    { code: 'host-firewall', text: 'iptables FORWARD drops', fix: expect.stringContaining('--fix') },
  ])
  expect(node.problems.every((problem) => problem.fix.length > 0)).toBe(true)
})

test('a peer that only the other end reported has its counters turned round', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await world.db.pool.query('delete from links where node_id = $1', [fleet.member(1)])
  const { peers } = await getNode(world.viewer, { id: fleet.member(1) })
  expect(peers).toMatchObject([{ peerName: 'gate', rxBytes: 5000, txBytes: 10000, endpoint: null }])
})

test('an invited node has its open invitation, and none once it is revoked', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 0, at })
  const { id } = await world.db.prisma.node.create({
    data: { networkId: fleet.network, name: 'next', role: 'member', state: 'invited', createdBy: 'test' },
  })
  const token = await world.db.prisma.joinToken.create({
    data: {
      networkId: fleet.network,
      kind: 'invitation',
      nodeId: id,
      hash: new Uint8Array(32),
      maxUses: 1,
      expiresAt: new Date(at.getTime() + 900_000),
      createdBy: 'test',
    },
  })
  expect((await getNode(world.viewer, { id })).invitation).toEqual({
    id: token.id,
    expiresAt: '2026-03-01T12:15:00.000Z',
    uses: 0,
  })
  await world.db.prisma.joinToken.update({ where: { id: token.id }, data: { revokedAt: at } })
  expect((await getNode(world.viewer, { id })).invitation).toBeNull()
})

test('a tunnel that goes one way is a finding at the member, and at both ends of a direct one', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 3, at })
  const hearsNothing = (node: string, peer: string) =>
    world.db.pool.query(
      `update links set state = 'dead', since_at = $3::timestamptz - interval '20 s', heard_at = $3::timestamptz - interval '30 s'
        where node_id = $1 and peer_id = $2`,
      [node, peer, at],
    )
  const textsOf = async (id: string) =>
    (await getNode(world.viewer, { id })).problems.map(({ text }) => text.replace(/:.*/s, ''))
  await hearsNothing(fleet.gateway, fleet.member(1))
  const [, , member3] = [1, 2, 3].map(fleet.member)
  expect(await textsOf(fleet.member(1))).toEqual(['member-1 has a tunnel that goes one way'])
  expect((await getNode(world.viewer, { id: fleet.member(1) })).problems[0]).toMatchObject({
    severity: 'warn',
    text: expect.stringContaining('packets go from gate to member-1 but not back'),
  })
  expect(await textsOf(fleet.gateway)).toEqual([])
  expect(await textsOf(fleet.member(2))).toEqual([])
  await world.db.pool.query(
    `insert into links (node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at)
       values ($1, $2, 'span0d', $3, 'alive', $3, $3, $3), ($2, $1, 'span0d', $3, 'alive', $3, $3, $3)`,
    [fleet.member(2), member3, at],
  )
  await hearsNothing(fleet.member(2), member3 ?? '')
  expect(await textsOf(fleet.member(2))).toEqual(['member-2 has a tunnel that goes one way'])
  expect(await textsOf(member3 ?? '')).toEqual(['member-3 has a tunnel that goes one way'])
})

test('a direct path that is not alive is said beside the count of tunnels, and each tunnel says whether it is counted', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 3, at })
  const [a, b] = [fleet.member(1), fleet.member(2)]
  await world.db.pool.query(
    `insert into links (node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at)
       values ($1, $2, 'span0d', $3, 'dead', $3, null, null), ($2, $1, 'span0d', $3, 'dead', $3, null, null)`,
    [a, b, at],
  )
  const { facts, peers } = await getNode(world.viewer, { id: a })
  expect(facts.tunnels).toMatchObject({
    status: 'good',
    text: '1 of 1 alive, oldest handshake 30 s; 1 direct path is not alive, gateways carry for it',
  })
  expect(peers.map(({ peerName, isMissedDirect }) => [peerName, isMissedDirect])).toEqual([
    ['gate', false],
    ['member-2', true],
  ])
})
