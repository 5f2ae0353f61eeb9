import { expect, test } from 'vitest'
import { openDb } from '../db.ts'
import { verifyPassword } from '../password.ts'
import { testDatabase, testWorld, type World } from '../test-db.ts'
import { createOwner } from './create-owner.ts'
import { getSetupState } from './get-setup-state.ts'

const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery', organizationName: 'Home' }

test('the first visit makes an owner with a hashed password, and the log says so', async () => {
  await using world = await emptyWorld()
  expect(await getSetupState(world.nobody)).toEqual({ needed: true })
  const { userId, organizationId } = await createOwner(world.nobody, ada)
  expect(await getSetupState(world.nobody)).toEqual({ needed: false })
  const user = await world.db.prisma.user.findUniqueOrThrow({ where: { id: userId }, include: { memberships: true } })
  expect(user.passwordHash).toMatch(/^\$argon2id\$/)
  expect(await verifyPassword(user.passwordHash, ada.password)).toBe(true)
  expect(user.memberships).toMatchObject([{ organizationId, role: 'owner' }])
  const events = await world.db.prisma.event.findMany({ where: { organizationId } })
  expect(events).toMatchObject([{ action: 'setup.create-owner', actorName: 'ada@example.org', address: '192.0.2.1' }])
  expect(JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? null : value))).not.toContain(ada.password)
})

test('of racers at the first visit one makes the owner and nothing of the others stays', async () => {
  await using world = await emptyWorld()
  const racers = [1, 2, 3, 4, 5, 6].map((n) => createOwner(world.nobody, { ...ada, email: `ada${n}@example.org` }))
  const outcomes = await Promise.allSettled(racers)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CONFLICT', reason: 'setup-done' })
  }
  expect(await world.db.prisma.user.count()).toBe(1)
  expect(await world.db.prisma.organization.count()).toBe(1)
})

test('the door stays closed when all accounts are gone', async () => {
  await using world = await emptyWorld()
  await createOwner(world.nobody, ada)
  await world.db.prisma.user.deleteMany()
  await expect(createOwner(world.nobody, ada)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await getSetupState(world.nobody)).toEqual({ needed: false })
})

test('the door is closed where people are already', async () => {
  await using world = await testWorld()
  await expect(createOwner(world.nobody, ada)).rejects.toMatchObject({ code: 'CONFLICT' })
})

/** As a fresh server has it: nobody, nothing. */
async function emptyWorld(): Promise<World> {
  const world = await testWorld()
  await world.db.prisma.organization.deleteMany()
  await world.db.prisma.user.deleteMany()
  return world
}

test('a database that does not answer is told at once', async () => {
  const database = await testDatabase()
  await database.drop()
  await expect(openDb(database.url)).rejects.toThrow(/does not exist/)
})
