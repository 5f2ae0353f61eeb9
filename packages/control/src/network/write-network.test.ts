import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { createNetwork } from './create-network.ts'
import { deleteNetwork } from './delete-network.ts'
import { previewNetworkDelete } from './preview-network-delete.ts'
import { previewNetworkUpdate } from './preview-network-update.ts'
import { proposeNetwork } from './propose-network.ts'
import { updateNetwork } from './update-network.ts'

test('a network has defaults for all but name and range, and a random ULA beside it', async () => {
  await using world = await testWorld()
  const network = await createNetwork(world.admin, { name: 'home-lab', cidr4: '10.77.0.0/16' })
  expect(network).toMatchObject({
    name: 'home-lab',
    cidr4: '10.77.0.0/16',
    interfaceName: 'span0',
    listenPort: 51820,
    mtu: 1420,
    keepaliveSeconds: 25,
    revision: 1,
  })
  expect(network.cidr6).toMatch(/^fd[0-9a-f:]+\/48$/)
  expect(await world.db.prisma.event.findFirst({ where: { action: 'network.create' } })).toMatchObject({
    networkId: network.id,
    subjectName: 'home-lab',
    actorName: 'admin@acme.test',
    after: expect.objectContaining({ cidr4: '10.77.0.0/16' }),
  })
})

test.each([
  { it: 'a shell word as name', input: { name: '$(reboot)' }, field: 'name' },
  { it: 'a name with a second line', input: { name: 'a\nb' }, field: 'name' },
  { it: 'an emoji', input: { name: '🏠' }, field: 'name' },
  { it: '300 characters', input: { name: 'a'.repeat(300) }, field: 'name' },
  { it: 'the address of a page', input: { name: 'new' }, field: 'name' },
  { it: 'a public range', input: { cidr4: '8.8.8.0/24' }, field: 'cidr4' },
  { it: 'a range with host bits', input: { cidr4: '10.77.0.5/16' }, field: 'cidr4' },
  { it: 'a range for two', input: { cidr4: '10.77.0.0/30' }, field: 'cidr4' },
  { it: 'all private ranges at once', input: { cidr4: '0.0.0.0/0' }, field: 'cidr4' },
  { it: 'a global IPv6 range', input: { cidr6: '2001:db8::/48' }, field: 'cidr6' },
  { it: "an interface name of Kubernetes'", input: { interfaceName: 'cni0' }, field: 'interfaceName' },
  { it: 'an MTU below IPv6', input: { mtu: 1000 }, field: 'mtu' },
  { it: 'an MTU that no link has', input: { mtu: 60_000 }, field: 'mtu' },
])('$it is refused at its field', async ({ input, field }) => {
  await using world = await testWorld()
  const made = createNetwork(world.admin, { name: 'home-lab', cidr4: '10.77.0.0/16', ...input })
  await expect(made).rejects.toMatchObject({ code: 'BAD_REQUEST', field })
  expect(await world.db.prisma.network.count()).toBe(0)
})

test('a range that the server, another network or a node uses is refused, and says which', async () => {
  await using world = await testWorld({ server: { prefixes: () => ['10.5.0.7/24', 'fe80::1/64', '0.0.0.0/0'] } })
  const first = await testNetwork(world)
  const node = await joinNode(world, first.id, 'gw')
  await world.db.prisma.nodeStatus.create({
    data: {
      nodeId: node.id,
      reportedAt: new Date(),
      instance: 'i.1',
      appliedEpoch: 1,
      appliedRevision: 1n,
      appliedView: '-',
      scriptVersion: '0.1.0',
      uptimeSeconds: 1,
      clockSkewMs: 0,
      facts: { address: 'eth0 10.6.0.9/24\nspan0 10.77.0.1/16', route: '10.7.0.0/16\n10.77.0.0/16\ndefault' },
    },
  })
  const conflicts = async (cidr4: string) => (await proposeNetwork(world.viewer, { cidr4 })).conflicts
  expect(await conflicts('10.5.0.0/16')).toEqual([{ with: 'this server', prefix: '10.5.0.0/24' }])
  expect(await conflicts('10.6.0.0/24')).toEqual([{ with: 'the node gw', prefix: '10.6.0.0/24' }])
  expect(await conflicts('10.7.9.0/24')).toEqual([{ with: 'the node gw', prefix: '10.7.0.0/16' }])
  expect(await conflicts('10.77.3.0/24')).toEqual([{ with: 'the network home-lab', prefix: '10.77.0.0/16' }])
  expect(await conflicts('10.200.0.0/16')).toEqual([])
  const made = createNetwork(world.admin, { name: 'other', cidr4: '10.7.9.0/24' })
  await expect(made).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'range-conflict',
    message: '10.7.9.0/24 meets 10.7.0.0/16 of the node gw.',
  })
})

test('a proposal meets nothing that is known and can be taken as it is', async () => {
  await using world = await testWorld({ server: { prefixes: () => ['10.77.0.1/16'] } })
  const { conflicts, ...proposal } = await proposeNetwork(world.viewer, {})
  expect(conflicts).toEqual([])
  expect(proposal.cidr4).toBe('10.78.0.0/16')
  expect(await createNetwork(world.admin, { name: 'home-lab', ...proposal })).toMatchObject(proposal)
})

test("another tenant's network neither takes a name nor a range", async () => {
  await using world = await testWorld()
  await createNetwork(world.stranger, { name: 'home-lab', cidr4: '10.77.0.0/16' })
  expect(await createNetwork(world.admin, { name: 'home-lab', cidr4: '10.77.0.0/16' })).toBeTruthy()
})

test('of two that make a network of one name at once, one does', async () => {
  await using world = await testWorld()
  const racers = [1, 2, 3, 4].map((n) => createNetwork(world.admin, { name: 'home-lab', cidr4: `10.${n}0.0.0/16` }))
  const outcomes = await Promise.allSettled(racers)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  for (const reason of failed) expect(reason).toMatchObject({ code: 'CONFLICT', reason: 'name-taken' })
})

test('a change bumps the revision once and is logged with both sides; what is the same is not written', async () => {
  await using world = await testWorld()
  const network = await testNetwork(world)
  expect(await updateNetwork(world.admin, { id: network.id, name: 'home-lab', mtu: 1420 })).toMatchObject({
    revision: 1,
  })
  expect(await updateNetwork(world.admin, { id: network.id, mtu: 1380, keepaliveSeconds: 25 })).toMatchObject({
    mtu: 1380,
    revision: 2,
  })
  const events = await world.db.prisma.event.findMany({ where: { action: 'network.update' } })
  expect(events).toMatchObject([{ before: { mtu: 1420 }, after: { mtu: 1380 } }])
})

test('range and interface name change as long as nobody has joined, and not after', async () => {
  await using world = await testWorld()
  const { id } = await testNetwork(world)
  expect(await updateNetwork(world.admin, { id, cidr4: '10.90.0.0/16', interfaceName: 'wg0' })).toMatchObject({
    cidr4: '10.90.0.0/16',
  })
  await joinNode(world, id, 'gw')
  for (const change of [{ cidr4: '10.91.0.0/16' }, { interfaceName: 'span0' }]) {
    const refused = { code: 'PRECONDITION_FAILED', reason: 'nodes-joined' }
    await expect(updateNetwork(world.admin, { id, ...change })).rejects.toMatchObject(refused)
    await expect(previewNetworkUpdate(world.viewer, { id, ...change })).rejects.toMatchObject(refused)
  }
})

test('another port cuts every tunnel, says so before, and the endpoints that named the old one follow', async () => {
  await using world = await testWorld()
  const { id } = await testNetwork(world)
  const gateway = await joinNode(world, id, 'gw')
  await joinNode(world, id, 'home-1')
  const { cut } = await previewNetworkUpdate(world.viewer, { id, listenPort: 51999 })
  expect(cut[0]).toBe('The tunnels of 2 nodes are cut until they meet again on UDP 51999.')
  expect(cut[1]).toMatch(/^gw is then reached at 198\.51\.100\.\d+:51999; /)
  expect((await previewNetworkUpdate(world.viewer, { id, keepaliveSeconds: 30 })).cut).toEqual([])
  const before = await world.db.prisma.node.findUniqueOrThrow({ where: { id: gateway.id } })
  expect(before.endpoint).toMatch(/:51820$/)
  const { revision } = await updateNetwork(world.admin, { id, listenPort: 51999 })
  expect(await world.db.prisma.node.findUnique({ where: { id: gateway.id } })).toMatchObject({
    endpoint: before.endpoint?.replace(':51820', ':51999'),
    changedRevision: BigInt(revision),
  })
})

test('deleting names what it cuts, wants the name again, and leaves a tombstone for each machine', async () => {
  await using world = await testWorld()
  const { id } = await testNetwork(world)
  const gateway = await joinNode(world, id, 'gw')
  await joinNode(world, id, 'home-1')
  const preview = await previewNetworkDelete(world.viewer, { id })
  expect(preview).toEqual({ nodes: ['gw', 'home-1'], cut: ['All tunnels of gw', 'All tunnels of home-1'] })
  await expect(deleteNetwork(world.admin, { id, confirmName: 'home' })).rejects.toMatchObject({ field: 'confirmName' })
  await deleteNetwork(world.admin, { id, confirmName: 'home-lab' })
  expect(await world.db.prisma.network.count()).toBe(0)
  expect(await world.db.prisma.node.count()).toBe(0)
  const tombstones = await world.db.prisma.tombstone.findMany({ orderBy: { name: 'asc' } })
  expect(tombstones).toMatchObject([
    { nodeId: gateway.id, name: 'gw', tombstoneProof: expect.anything() },
    { name: 'home-1' },
  ])
  expect(await world.db.prisma.event.findFirst({ where: { action: 'network.delete' } })).toMatchObject({
    before: expect.objectContaining({ nodes: ['gw', 'home-1'] }),
  })
})
