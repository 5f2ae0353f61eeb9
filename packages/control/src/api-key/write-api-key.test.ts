import { expect, test } from 'vitest'
import { findApiKey } from '../session/find-api-key.ts'
import { testWorld } from '../test-db.ts'
import { createApiKey } from './create-api-key.ts'
import { revokeApiKey } from './revoke-api-key.ts'

test('a key is shown once, stands for its role until it ends, and only its hash is kept', async () => {
  await using world = await testWorld()
  world.setNow(new Date('2026-01-01T00:00:00Z'))
  const { row, key } = await createApiKey(world.admin, { name: 'terraform', role: 'operator', expiresInDays: 30 })
  expect(key).toMatch(/^swk_[A-Za-z0-9_-]{43}$/)
  expect(row).toMatchObject({ name: 'terraform', hint: key.slice(4, 12), expiresAt: '2026-01-31T00:00:00.000Z' })
  const kept = await world.db.prisma.apiKey.findUniqueOrThrow({ where: { id: row.id } })
  expect(JSON.stringify(kept)).not.toContain(key.slice(12))
  expect(JSON.stringify(await world.db.prisma.event.findMany())).not.toContain(key.slice(12))
  const at = (time: string) => findApiKey(world.db, key, new Date(time))
  expect(await at('2026-01-30T23:59:59Z')).toMatchObject({
    kind: 'api-key',
    role: 'operator',
    organizationId: world.organization.id,
  })
  expect(await at('2026-01-31T00:00:00Z')).toEqual({ kind: 'nobody' })
})

test('a revoked key is nobody, and revoking it again changes nothing', async () => {
  await using world = await testWorld()
  const { row, key } = await createApiKey(world.admin, { name: 'terraform', role: 'viewer', expiresInDays: 1 })
  const revoked = await revokeApiKey(world.admin, { id: row.id })
  expect(await revokeApiKey(world.admin, { id: row.id })).toEqual(revoked)
  expect(await findApiKey(world.db, key, new Date())).toEqual({ kind: 'nobody' })
  expect(await world.db.prisma.event.count({ where: { action: 'api-key.revoke' } })).toBe(1)
})

test('nobody makes a key that may more than they do', async () => {
  await using world = await testWorld()
  const key = (role: 'admin' | 'owner') => ({ name: 'terraform', role, expiresInDays: 1 })
  await expect(createApiKey(world.admin, key('owner'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  const byKey = world.as({
    kind: 'api-key',
    id: crypto.randomUUID(),
    name: 'terraform',
    organizationId: world.organization.id,
    role: 'admin',
  })
  expect((await createApiKey(byKey, key('admin'))).row.createdBy).toBe('API key terraform')
  await expect(createApiKey(byKey, key('owner'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
