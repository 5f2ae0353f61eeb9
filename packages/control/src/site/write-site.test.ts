import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { createSite } from './create-site.ts'
import { deleteSite } from './delete-site.ts'
import { renameSite } from './rename-site.ts'

test('a site is called what people call it, once in a network', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const site = await createSite(world.operator, { networkId, name: '  Zürich, Keller  ' })
  expect(site).toMatchObject({ name: 'Zürich, Keller', nodes: 0 })
  await expect(createSite(world.operator, { networkId, name: 'zürich, keller' })).rejects.toMatchObject({
    code: 'CONFLICT',
    field: 'name',
  })
  expect(await renameSite(world.operator, { id: site.id, name: 'Zürich, keller' })).toMatchObject({ id: site.id })
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
    before: { name: 'Berlin', nodes: ['gw'] },
  })
})
