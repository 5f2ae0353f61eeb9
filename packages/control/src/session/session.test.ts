import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Context, Role } from '../context.ts'
import { hashPassword } from '../password.ts'
import { Refusal } from '../refusal.ts'
import { hashToken, makeToken } from '../secrets.ts'
import { testWorld, type World } from '../test-db.ts'
import { findApiKey } from './find-api-key.ts'
import { findPerson } from './find-person.ts'
import { resetPassword } from './reset-password.ts'
import { signIn } from './sign-in.ts'

const password = 'correct horse battery'

test('the right password signs in, and is written down with the address it came from', async () => {
  await using world = await testWorld()
  const userId = await person(world, 'ada@acme.test', 'admin')
  const signedIn = await signIn(from(world, '192.0.2.9'), { email: 'ada@acme.test', password })
  expect(signedIn).toMatchObject({ name: 'Ada', email: 'ada@acme.test' })
  expect(await findPerson(world.db, signedIn?.subject ?? '')).toEqual({
    kind: 'person',
    userId,
    name: 'ada@acme.test',
    organizationId: world.organization.id,
    role: 'admin',
  })
  const event = await world.db.prisma.event.findFirst({ where: { action: 'person.sign-in' } })
  expect(event).toMatchObject({ actorName: 'ada@acme.test', address: '192.0.2.9' })
})

test('a wrong password and an unknown account get the same answer', async () => {
  await using world = await testWorld()
  await person(world, 'ada@acme.test', 'admin')
  const ctx = from(world, '192.0.2.9')
  expect(await signIn(ctx, { email: 'ada@acme.test', password: 'wrong' })).toBeNull()
  expect(await signIn(ctx, { email: 'bob@acme.test', password })).toBeNull()
})

test('an account is throttled from wherever the tries come, and the right password does not pass either', async () => {
  await using world = await testWorld({ limits: { ...generous, signInByAccount: { tries: 3, perSeconds: 600 } } })
  await person(world, 'ada@acme.test', 'admin')
  for (const n of [1, 2, 3]) await signIn(from(world, `192.0.2.${n}`), { email: 'ada@acme.test', password: 'wrong' })
  const refused = await refusal(signIn(from(world, '192.0.2.4'), { email: 'ada@acme.test', password }))
  expect(refused).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'slow-down' })
  expect(refused.retryAfterSeconds).toBeGreaterThan(500)
})

test('an address is throttled whatever accounts it tries, and others are not', async () => {
  await using world = await testWorld({ limits: { ...generous, signInByAddress: { tries: 3, perSeconds: 600 } } })
  await person(world, 'ada@acme.test', 'admin')
  for (const n of [1, 2, 3]) await signIn(from(world, '192.0.2.1'), { email: `guess${n}@acme.test`, password })
  expect(await refusal(signIn(from(world, '192.0.2.1'), { email: 'ada@acme.test', password }))).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
  })
  expect(await signIn(from(world, '192.0.2.2'), { email: 'ada@acme.test', password })).not.toBeNull()
})

test('a new role ends the sessions that there are, and so does a new password', async () => {
  await using world = await testWorld()
  const userId = await person(world, 'ada@acme.test', 'admin')
  const { subject = '' } = (await signIn(from(world), { email: 'ada@acme.test', password })) ?? {}
  await world.db.prisma.membership.updateMany({ where: { userId }, data: { role: 'viewer' } })
  expect(await findPerson(world.db, subject)).toEqual({ kind: 'nobody' })
  const again = await signIn(from(world), { email: 'ada@acme.test', password })
  expect(await findPerson(world.db, again?.subject ?? '')).toMatchObject({ role: 'viewer' })
  await resetPassword(world.system, { email: 'ada@acme.test', password: 'another one, quite long' })
  expect(await findPerson(world.db, again?.subject ?? '')).toEqual({ kind: 'nobody' })
  expect(await signIn(from(world), { email: 'ada@acme.test', password })).toBeNull()
  expect(await signIn(from(world), { email: 'ada@acme.test', password: 'another one, quite long' })).not.toBeNull()
})

test.each(['', 'x', randomUUID(), `${randomUUID()}.abc`, "'; DROP TABLE users"])(
  'the session %j is nobody',
  async (subject) => {
    await using world = await testWorld()
    expect(await findPerson(world.db, subject)).toEqual({ kind: 'nobody' })
  },
)

test('nobody resets a password over HTTP, not even an owner', async () => {
  await using world = await testWorld()
  await person(world, 'ada@acme.test', 'admin')
  const wish = { email: 'ada@acme.test', password: 'another one, quite long' }
  expect(await refusal(resetPassword(world.owner, wish))).toMatchObject({ code: 'FORBIDDEN' })
})

test('a key is somebody until it expires or is revoked, and remembers when it was used', async () => {
  await using world = await testWorld()
  const key = makeToken('swk', world.services.random)
  const row = await world.db.prisma.apiKey.create({
    data: {
      organizationId: world.organization.id,
      name: 'ci',
      role: 'operator',
      hash: hashToken(key),
      hint: key.slice(4, 12),
      createdBy: 'owner@acme.test',
      expiresAt: new Date('2026-02-01T00:00:00Z'),
    },
  })
  const before = new Date('2026-01-31T23:59:59Z')
  expect(await findApiKey(world.db, key, before)).toEqual({
    kind: 'api-key',
    id: row.id,
    name: 'ci',
    organizationId: world.organization.id,
    role: 'operator',
  })
  expect(await world.db.prisma.apiKey.findUnique({ where: { id: row.id } })).toMatchObject({ lastUsedAt: before })
  expect(await findApiKey(world.db, key, new Date('2026-02-01T00:00:00Z'))).toEqual({ kind: 'nobody' })
  expect(await findApiKey(world.db, makeToken('swk', world.services.random), before)).toEqual({ kind: 'nobody' })
  await world.db.prisma.apiKey.update({ where: { id: row.id }, data: { revokedAt: before } })
  expect(await findApiKey(world.db, key, before)).toEqual({ kind: 'nobody' })
})

const generous = {
  signInByAccount: { tries: 1000, perSeconds: 600 },
  signInByAddress: { tries: 1000, perSeconds: 600 },
}

const from = (world: World, address = '192.0.2.1'): Context => world.as({ kind: 'nobody' }, address)

async function person(world: World, email: string, role: Role): Promise<string> {
  const user = await world.db.prisma.user.create({
    data: { email, name: 'Ada', passwordHash: await hashPassword(password) },
  })
  await world.db.prisma.membership.create({ data: { userId: user.id, organizationId: world.organization.id, role } })
  return user.id
}

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${error}`)
  return error
}
