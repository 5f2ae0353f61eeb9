import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { createSite } from './create-site.ts'
import { deleteSite } from './delete-site.ts'
import { listSites } from './list-sites.ts'
import { updateSite } from './update-site.ts'

test('a site is called what people call it, once in a network', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const site = await createSite(world.operator, { networkId, name: '  Zürich, Keller  ' })
  expect(site).toMatchObject({ name: 'Zürich, Keller', nodes: 0 })
  await expect(createSite(world.operator, { networkId, name: 'zürich, keller' })).rejects.toMatchObject({
    code: 'CONFLICT',
    field: 'name',
  })
  expect(await updateSite(world.operator, { id: site.id, name: 'Zürich, keller' })).toMatchObject({ id: site.id })
  const other = await testNetwork(world, 'other', '10.99.0.0/16')
  expect(await createSite(world.operator, { networkId: other.id, name: 'Zürich, Keller' })).toBeTruthy()
})

test.each(['', '   ', 'a\nb', 'a"b', '$(reboot)', '`id`', 'a\u202eb', 'x'.repeat(300)])(
  '%j is no name of a site',
  async (name) => {
    await using world = await testWorld()
    const { id: networkId } = await testNetwork(world)
    const made = createSite(world.operator, { networkId, name })
    await expect(made).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'name' })
  },
)

test('zone and region are given, changed and taken away; without a zone the label is made of the name', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { id } = await createSite(world.operator, { networkId, name: 'Køge, rack 2', region: ' eu-north ' })
  const read = async () => (await listSites(world.viewer, { network: networkId }))[0]
  expect(await read()).toMatchObject({ zone: null, region: 'eu-north', zoneLabel: 'Koge-rack-2' })
  expect(await updateSite(world.operator, { id, zone: 'rack2' })).toMatchObject({ zone: 'rack2', region: 'eu-north' })
  expect(await read()).toMatchObject({ name: 'Køge, rack 2', zone: 'rack2', zoneLabel: 'rack2' })
  expect(await updateSite(world.operator, { id, zone: '', region: null })).toMatchObject({ zone: null, region: null })
  expect(
    await world.db.prisma.event.findMany({ where: { action: 'site.update' }, orderBy: { id: 'asc' } }),
  ).toMatchObject([
    { before: { zone: null }, after: { zone: 'rack2' } },
    { before: { zone: 'rack2', region: 'eu-north' }, after: { zone: null, region: null } },
  ])
})

test.each([
  ['zone', 'rack 2'],
  ['region', 'eu/north'],
  ['region', '-eu'],
])('%s %j is no value of a label, and it says what one is', async (field, value) => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const wrong = {
    code: 'BAD_REQUEST',
    field,
    message: expect.stringContaining(`cannot be a ${field}: Kubernetes takes`),
  }
  await expect(createSite(world.operator, { networkId, name: 'a', [field]: value })).rejects.toMatchObject(wrong)
  const { id } = await createSite(world.operator, { networkId, name: 'b' })
  await expect(updateSite(world.operator, { id, [field]: value })).rejects.toMatchObject(wrong)
})

test('deleting a site leaves its nodes where they are, without a site', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const site = await createSite(world.operator, { networkId, name: 'Berlin' })
  const node = await joinNode(world, networkId, 'gw', { siteId: site.id })
  const { revision } = await world.db.prisma.network.findUniqueOrThrow({ where: { id: networkId } })
  await deleteSite(world.operator, { id: site.id })
  expect(await world.db.prisma.node.findUnique({ where: { id: node.id } })).toMatchObject({
    siteId: null,
    state: 'active',
  })
  expect((await world.db.prisma.network.findUniqueOrThrow({ where: { id: networkId } })).revision).toBe(revision)
  expect(await world.db.prisma.event.findFirst({ where: { action: 'site.delete' } })).toMatchObject({
    before: { name: 'Berlin', zone: null, region: null, nodes: ['gw'] },
  })
})
