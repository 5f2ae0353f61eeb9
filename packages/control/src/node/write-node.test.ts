import { expect, test } from 'vitest'
import type { Hint } from '../hints.ts'
import { createSite } from '../site/create-site.ts'
import { testWorld, type World } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { pauseNode } from './pause-node.ts'
import { previewNodeRemoval } from './preview-node-removal.ts'
import { releaseNode } from './release-node.ts'
import { removeNode } from './remove-node.ts'
import { resumeNode } from './resume-node.ts'
import { updateNode } from './update-node.ts'

test('a new name is a revision that machines see; labels and sites are none', async () => {
  await using world = await testWorld()
  const { networkId, member } = await smallNetwork(world)
  const site = await createSite(world.operator, { networkId, name: 'Berlin' })
  const before = await revisionOf(world, networkId)
  await updateNode(world.operator, { id: member.id, labels: { zone: 'a' }, siteId: site.id })
  expect(await revisionOf(world, networkId)).toBe(before)
  const row = await updateNode(world.operator, { id: member.id, name: 'attic' })
  expect(row).toMatchObject({ name: 'attic', labels: { zone: 'a' }, siteName: 'Berlin' })
  expect(await revisionOf(world, networkId)).toBe(before + 1n)
  expect((await nodeOf(world, member.id)).changedRevision).toBe(before + 1n)
})

test('a change is logged with what changed alone, and what is the same is not written', async () => {
  await using world = await testWorld()
  const { networkId, member } = await smallNetwork(world)
  await updateNode(world.operator, { id: member.id, labels: { b: '2', a: '1' } })
  await updateNode(world.operator, { id: member.id, name: member.name, labels: { a: '1', b: '2' }, siteId: null })
  const events = await world.db.prisma.event.findMany({ where: { action: 'node.update', networkId } })
  expect(events).toMatchObject([
    {
      subjectName: member.name,
      actorName: 'operator@acme.test',
      address: '192.0.2.1',
      before: { labels: {} },
      after: { labels: { a: '1', b: '2' } },
    },
  ])
})

test.each<{ it: string; change: Partial<Parameters<typeof updateNode>[1]>; field: string }>([
  { it: 'a name with a newline', change: { name: 'a\nb' }, field: 'name' },
  { it: 'a name with a quote', change: { name: 'a"b' }, field: 'name' },
  { it: 'a name that runs', change: { name: '$(reboot)' }, field: 'name' },
  { it: '300 characters', change: { name: 'n'.repeat(300) }, field: 'name' },
  { it: 'an emoji', change: { name: '💥' }, field: 'name' },
  { it: 'a label with a newline', change: { labels: { zone: 'a\nb' } }, field: 'labels' },
  { it: 'a label key that runs', change: { labels: { '`id`': 'a' } }, field: 'labels' },
  { it: 'an endpoint without a port', change: { endpoint: '203.0.113.7' }, field: 'endpoint' },
  { it: 'an endpoint with a second line', change: { endpoint: 'a.example:1\nPostUp=x' }, field: 'endpoint' },
  { it: 'an endpoint inside the overlay', change: { endpoint: '10.77.0.9:51820' }, field: 'endpoint' },
])('$it is refused at its field and nothing is written', async ({ change, field }) => {
  await using world = await testWorld()
  const { networkId, member } = await smallNetwork(world)
  const before = await revisionOf(world, networkId)
  await expect(updateNode(world.operator, { id: member.id, ...change })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    field,
  })
  expect(await revisionOf(world, networkId)).toBe(before)
  expect(await world.db.prisma.event.count({ where: { action: 'node.update' } })).toBe(0)
})

test("a taken name, another network's site and a gateway without endpoint are refused", async () => {
  await using world = await testWorld()
  const { gateway, member } = await smallNetwork(world)
  const other = await testNetwork(world, 'other', '10.99.0.0/16')
  const elsewhere = await createSite(world.operator, { networkId: other.id, name: 'Elsewhere' })
  const change = (id: string, fields: object) => updateNode(world.operator, { id, ...fields })
  await expect(change(member.id, { name: 'gw' })).rejects.toMatchObject({ code: 'CONFLICT', reason: 'name-taken' })
  await expect(change(member.id, { siteId: elsewhere.id })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    field: 'siteId',
  })
  await expect(change(gateway.id, { endpoint: null })).rejects.toMatchObject({ reason: 'gateway-endpoint' })
})

test('a paused node keeps name, place and keys, and comes back in the state it had proven', async () => {
  await using world = await testWorld()
  const { networkId, member } = await smallNetwork(world)
  const before = await revisionOf(world, networkId)
  expect(await pauseNode(world.operator, { id: member.id })).toMatchObject({ state: 'paused', address4: '10.77.0.2' })
  expect(await revisionOf(world, networkId)).toBe(before + 1n)
  await pauseNode(world.operator, { id: member.id })
  expect(await revisionOf(world, networkId)).toBe(before + 1n)
  expect(await resumeNode(world.operator, { id: member.id })).toMatchObject({ state: 'active' })
  await world.db.prisma.joinStep.deleteMany()
  await pauseNode(world.operator, { id: member.id })
  expect(await resumeNode(world.operator, { id: member.id })).toMatchObject({ state: 'enrolled' })
})

test('releasing a held-off node forgets who was kept out; another cannot be released', async () => {
  await using world = await testWorld()
  const { member } = await smallNetwork(world)
  await expect(releaseNode(world.operator, { id: member.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  await world.db.prisma.node.update({
    where: { id: member.id },
    data: { heldOff: 'boot.2', quarantineReason: 'two machines take turns' },
  })
  expect(await releaseNode(world.operator, { id: member.id })).toMatchObject({ state: 'active' })
  expect(await nodeOf(world, member.id)).toMatchObject({ heldOff: null, quarantineReason: null })
  await world.db.prisma.node.update({ where: { id: member.id }, data: { state: 'quarantined' } })
  expect(await releaseNode(world.operator, { id: member.id })).toMatchObject({ state: 'active' })
})

test('removing leaves a tombstone that carries credential and proof, a place that rests for a week, and one revision', async () => {
  await using world = await testWorld()
  world.setNow(new Date('2026-01-01T00:00:00Z'))
  const { networkId, member } = await smallNetwork(world)
  const node = await nodeOf(world, member.id)
  const before = await revisionOf(world, networkId)
  expect(await removeNode(world.operator, { id: member.id })).toEqual({ id: member.id, name: 'home-1' })
  expect(await world.db.prisma.node.findUnique({ where: { id: member.id } })).toBeNull()
  const tombstone = await world.db.prisma.tombstone.findUniqueOrThrow({ where: { nodeId: member.id } })
  expect(tombstone).toMatchObject({ networkId, name: 'home-1', publicKey: node.publicKey, toldAt: null })
  expect(Buffer.from(tombstone.credentialHash ?? [])).toEqual(Buffer.from(node.credentialHash ?? []))
  expect(world.services.seal.decrypt(tombstone.tombstoneProof ?? new Uint8Array(), `tombstone ${member.id}`)).toBe(
    'swt_proof',
  )
  const lease = { networkId_ordinal: { networkId, ordinal: member.ordinal } }
  expect(await world.db.prisma.addressLease.findUnique({ where: lease })).toMatchObject({
    nodeId: null,
    restingUntil: new Date('2026-01-08T00:00:00Z'),
  })
  expect(await revisionOf(world, networkId)).toBe(before + 1n)
  expect(await world.db.prisma.event.findFirst({ where: { action: 'node.remove' } })).toMatchObject({
    subjectId: member.id,
    before: expect.objectContaining({ address4: '10.77.0.2', publicKey: node.publicKey }),
  })
})

test('of two that remove a node at once, one does', async () => {
  await using world = await testWorld()
  const { member } = await smallNetwork(world)
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => removeNode(world.operator, { id: member.id })))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await world.db.prisma.tombstone.count()).toBe(1)
})

test('a removal names what it cuts; the last gateway goes only with force', async () => {
  await using world = await testWorld()
  const { networkId, gateway, member } = await smallNetwork(world)
  expect(await previewNodeRemoval(world.viewer, { id: member.id })).toEqual({
    cluster: null,
    cut: ['The tunnels of home-1 to gw'],
    needsForce: false,
  })
  expect(await previewNodeRemoval(world.viewer, { id: gateway.id })).toEqual({
    cluster: null,
    cut: ['The tunnels of gw to home-1', 'home-1 loses its way to every other node: no gateway is left'],
    needsForce: true,
  })
  await expect(removeNode(world.operator, { id: gateway.id })).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    reason: 'last-gateway',
  })
  await joinNode(world, networkId, 'gw-2', { role: 'gateway' })
  expect(await previewNodeRemoval(world.viewer, { id: gateway.id })).toEqual({
    cluster: null,
    cut: ['The tunnels of gw to home-1, gw-2', 'home-1 moves to the gateway gw-2'],
    needsForce: false,
  })
  await removeNode(world.operator, { id: gateway.id })
  const last = await nodeNamed(world, 'gw-2')
  await removeNode(world.operator, { id: last.id, force: true })
  expect(await world.db.prisma.node.findMany({ select: { name: true } })).toEqual([{ name: 'home-1' }])
})

test('whoever follows a network hears of a change after it can be read, and other tenants do not', async () => {
  await using world = await testWorld()
  const { networkId, member } = await smallNetwork(world)
  const heard: Hint[] = []
  const strange: Hint[] = []
  const stranger = world.stranger.actor
  const organization = 'organizationId' in stranger ? stranger.organizationId : ''
  world.services.hints.subscribe({ organization: world.organization.id, kinds: ['network'] }, (hint) =>
    heard.push(hint),
  )
  world.services.hints.subscribe({ organization: organization ?? '' }, (hint) => strange.push(hint))
  await removeNode(world.operator, { id: member.id })
  await expect.poll(() => heard).toEqual([{ kind: 'network', network: networkId, organization: world.organization.id }])
  expect(strange).toEqual([])
})

async function smallNetwork(world: World) {
  const { id: networkId } = await testNetwork(world)
  const gateway = await joinNode(world, networkId, 'gw')
  const member = await joinNode(world, networkId, 'home-1')
  return { networkId, gateway, member }
}

const revisionOf = async (world: World, id: string): Promise<bigint> =>
  (await world.db.prisma.network.findUniqueOrThrow({ where: { id } })).revision

const nodeOf = (world: World, id: string) => world.db.prisma.node.findUniqueOrThrow({ where: { id } })
const nodeNamed = (world: World, name: string) => world.db.prisma.node.findFirstOrThrow({ where: { name } })
