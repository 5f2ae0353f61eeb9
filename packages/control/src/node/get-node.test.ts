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
