import { expect, test } from 'vitest'
import { createSite } from '../site/create-site.ts'
import { testWorld } from '../test-db.ts'
import { testNetwork } from '../test-join.ts'
import { CreateJoinKey, createJoinKey } from './create-join-key.ts'
import { revokeJoinKey } from './revoke-join-key.ts'

test('a join key has both limits, gives its machines a site and labels, and is shown once', async () => {
  await using world = await testWorld()
  world.setNow(new Date('2026-01-01T00:00:00Z'))
  const { id: networkId } = await testNetwork(world)
  const site = await createSite(world.operator, { networkId, name: 'Berlin' })
  const made = await createJoinKey(world.admin, {
    networkId,
    name: 'edge image',
    maxUses: 10,
    expiresInHours: 24,
    siteId: site.id,
    labels: { zone: 'a' },
  })
  expect(made.token).toMatch(/^swj_/)
  expect(made.row).toMatchObject({ maxUses: 10, uses: 0, expiresAt: '2026-01-02T00:00:00.000Z', siteId: site.id })
  expect(JSON.stringify(await world.db.prisma.joinToken.findMany())).not.toContain(made.token.slice(4))
})

test.each([
  { it: 'no use', change: { maxUses: 0 } },
  { it: 'uses without end', change: { maxUses: 1_000_000 } },
  { it: 'no end', change: { expiresInHours: 0 } },
  { it: 'an end in ten years', change: { expiresInHours: 87_600 } },
  { it: 'a name of two lines', change: { name: 'a\nb' } },
])('$it is no join key', ({ change }) => {
  const input = { networkId: crypto.randomUUID(), name: 'edge', maxUses: 1, expiresInHours: 1 }
  expect(CreateJoinKey.safeParse(input).success).toBe(true)
  expect(CreateJoinKey.safeParse({ ...input, ...change }).success).toBe(false)
})

test('a site of another network and a hostile label are refused', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const other = await testNetwork(world, 'other', '10.99.0.0/16')
  const site = await createSite(world.operator, { networkId: other.id, name: 'Berlin' })
  const key = { networkId, name: 'edge', maxUses: 1, expiresInHours: 1 }
  await expect(createJoinKey(world.admin, { ...key, siteId: site.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const hostile = createJoinKey(world.admin, { ...key, labels: { zone: '$(reboot)' } })
  await expect(hostile).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'labels' })
})

test('a revoked join key says when, and revoking it again changes nothing', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { row } = await createJoinKey(world.admin, { networkId, name: 'edge', maxUses: 2, expiresInHours: 1 })
  const revoked = await revokeJoinKey(world.admin, { id: row.id })
  expect(revoked.revokedAt).not.toBeNull()
  expect(await revokeJoinKey(world.admin, { id: row.id })).toEqual(revoked)
  expect(await world.db.prisma.event.count({ where: { action: 'join-key.revoke' } })).toBe(1)
})
