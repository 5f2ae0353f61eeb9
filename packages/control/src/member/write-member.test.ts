import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { testWorld } from '../test-db.ts'
import { addMember } from './add-member.ts'
import { removeMember } from './remove-member.ts'
import { setMemberRole } from './set-member-role.ts'

const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }

test('an admin adds members up to their own role, and an owner is made by owners only', async () => {
  await using world = await testWorld()
  expect(await addMember(world.admin, { ...ada, role: 'admin' })).toMatchObject({
    email: 'ada@example.org',
    role: 'admin',
  })
  const owner = addMember(world.admin, { ...ada, email: 'eve@example.org', role: 'owner' })
  await expect(owner).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(addMember(world.owner, { ...ada, role: 'viewer' })).rejects.toMatchObject({ reason: 'email-taken' })
})

test('an admin touches no owner', async () => {
  await using world = await testWorld()
  const userId = userOf(world.owner)
  await expect(setMemberRole(world.admin, { userId, role: 'viewer' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(removeMember(world.admin, { userId })).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('the last owner neither goes nor becomes less, not even when two owners remove each other at once', async () => {
  await using world = await testWorld()
  const [first, second] = [userOf(world.owner), userOf(world.admin)]
  await expect(removeMember(world.owner, { userId: first })).rejects.toMatchObject({ reason: 'last-owner' })
  await expect(setMemberRole(world.owner, { userId: first, role: 'admin' })).rejects.toMatchObject({
    reason: 'last-owner',
  })
  await setMemberRole(world.owner, { userId: second, role: 'owner' })
  const asOwner = world.as({ ...world.admin.actor, role: 'owner' } as Context['actor'])
  await Promise.allSettled([
    removeMember(world.owner, { userId: second }),
    removeMember(asOwner, { userId: first }),
    setMemberRole(world.owner, { userId: second, role: 'viewer' }),
  ])
  const organizationId = world.organization.id
  expect(await world.db.prisma.membership.count({ where: { organizationId, role: 'owner' } })).toBeGreaterThanOrEqual(1)
})

test('a removed member has no account left, and what they did stays in the log under their name', async () => {
  await using world = await testWorld()
  await addMember(world.admin, { ...ada, role: 'viewer' })
  const userId = userOf(world.admin)
  await removeMember(world.owner, { userId })
  expect(await world.db.prisma.user.findUnique({ where: { id: userId } })).toBeNull()
  const events = await world.db.prisma.event.findMany({ orderBy: { id: 'asc' } })
  expect(events.map(({ action, actorName }) => [action, actorName])).toEqual([
    ['member.add', 'admin@acme.test'],
    ['member.remove', 'owner@acme.test'],
  ])
})

function userOf({ actor }: Context): string {
  if (actor.kind !== 'person') throw new Error('a person')
  return actor.userId
}
