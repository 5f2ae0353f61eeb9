import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findPerson } from '../session/find-person.ts'
import { signIn } from '../session/sign-in.ts'
import { testWorld, type World } from '../test-db.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { inviteMember } from './invite-member.ts'
import { listMemberInvitations } from './list-member-invitations.ts'
import { listenHints } from './listen-hints.ts'
import { lookAtInvitation } from './look-at-invitation.ts'
import { removeMember } from './remove-member.ts'
import { revokeMemberInvitation } from './revoke-member-invitation.ts'
import { setMemberRole } from './set-member-role.ts'

const password = 'correct horse battery'
const lee = { name: 'Lee', email: 'lee@example.org', password }
const invite = (world: World, over: object = {}) =>
  inviteMember(world.admin, { role: 'operator', expiresInHours: 24, ...over })

test('by the link somebody makes an account, once, with the role that it gives', async () => {
  await using world = await testWorld()
  const { token, url, row } = await invite(world)
  expect(url).toBe(`https://spanwire.test:3000/invitation#${token}`)
  expect(row).toMatchObject({ role: 'operator', email: null, state: 'open' })
  expect(await lookAtInvitation(world.nobody, { token })).toMatchObject({
    ...{ organization: 'Acme', role: 'operator', email: null, invitedBy: 'admin@acme.test' },
  })
  expect(await acceptInvitation(world.nobody, { token, ...lee })).toMatchObject({ email: 'lee@example.org' })
  const { subject = '' } = (await signIn(world.nobody, { email: lee.email, password })) ?? {}
  expect(await findPerson(world.db, subject)).toMatchObject({ role: 'operator', organizationId: world.organization.id })
  const again = acceptInvitation(world.nobody, { token, ...lee, email: 'eve@example.org' })
  await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'invitation-used' })
  expect(await listMemberInvitations(world.admin, {})).toMatchObject([{ state: 'used', usedBy: 'lee@example.org' }])
  const events = await world.db.prisma.event.findMany({
    where: { action: { startsWith: 'member.' } },
    orderBy: { id: 'asc' },
  })
  expect(events.map(({ action, actorName }) => [action, actorName])).toEqual([
    ['member.invite', 'admin@acme.test'],
    ['member.join', 'lee@example.org'],
  ])
  expect(JSON.stringify(events)).not.toContain(token)
})

test('of racers with one link one comes in, and nothing of the others stays', async () => {
  await using world = await testWorld()
  const { token } = await invite(world)
  const racers = [1, 2, 3, 4].map((n) =>
    acceptInvitation(world.nobody, { token, ...lee, email: `lee${n}@example.org` }),
  )
  const won = (await Promise.allSettled(racers)).filter(({ status }) => status === 'fulfilled')
  expect(won).toHaveLength(1)
  expect(await world.db.prisma.user.count({ where: { name: 'Lee' } })).toBe(1)
})

test('one that names an address is for nobody else, and one that has an account is invited by none', async () => {
  await using world = await testWorld()
  const { token } = await invite(world, { email: 'lee@example.org' })
  const other = acceptInvitation(world.nobody, { token, ...lee, email: 'eve@example.org' })
  await expect(other).rejects.toMatchObject({ code: 'FORBIDDEN', field: 'email' })
  await expect(invite(world, { email: 'owner@acme.test' })).rejects.toMatchObject({ reason: 'email-taken' })
  const open = await invite(world)
  const taken = acceptInvitation(world.nobody, { token: open.token, ...lee, email: 'owner@acme.test' })
  await expect(taken).rejects.toMatchObject({ reason: 'email-taken' })
  // What failed has used nothing up.
  expect(await acceptInvitation(world.nobody, { token, name: 'Lee', password })).toMatchObject({
    email: 'lee@example.org',
  })
  expect(await lookAtInvitation(world.nobody, { token: open.token })).toMatchObject({ role: 'operator' })
})

test('it ends with its time, when it is taken back, and when who made it may do so no more', async () => {
  await using world = await testWorld()
  const look = (token: string) => lookAtInvitation(world.nobody, { token })
  const [one, two, three] = [await invite(world), await invite(world), await invite(world, { expiresInHours: 1 })]
  world.setNow(new Date(Date.now() + 3_600_001))
  await expect(look(three.token)).rejects.toMatchObject({ reason: 'invitation-expired' })
  await revokeMemberInvitation(world.admin, { id: one.row.id })
  await expect(look(one.token)).rejects.toMatchObject({ reason: 'invitation-revoked' })
  await expect(look('swi_nonsense')).rejects.toMatchObject({ reason: 'invitation-unknown' })
  const { actor } = world.admin
  await setMemberRole(world.owner, { userId: actor.kind === 'person' ? actor.userId : '', role: 'viewer' })
  await expect(look(two.token)).rejects.toMatchObject({ reason: 'invitation-revoked' })
})

test('nobody invites somebody mightier than themselves', async () => {
  await using world = await testWorld()
  await expect(invite(world, { role: 'owner' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test.each([
  { it: 'another role', act: (world: World, userId: string) => setMemberRole(world.owner, { userId, role: 'admin' }) },
  { it: 'going', act: (world: World, userId: string) => removeMember(world.owner, { userId }) },
])("$it ends a member's sessions and streams at once", async ({ act }) => {
  await using world = await testWorld()
  const { token } = await invite(world, { role: 'viewer' })
  const { userId } = await acceptInvitation(world.nobody, { token, ...lee })
  const { subject = '' } = (await signIn(world.nobody, { email: lee.email, password })) ?? {}
  const actor = await findPerson(world.db, subject)
  const heard = readAll(listenHints(world.as(actor), {}))
  // It is listening by then.
  await sleep(50)
  const began = performance.now()
  // Their own changes are hints of theirs too: whichever comes first, the stream ends with the refusal.
  const ended = expect(heard).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await act(world, userId)
  await ended
  expect(performance.now() - began).toBeLessThan(3_000)
  expect(await findPerson(world.db, subject)).toEqual({ kind: 'nobody' })
})

async function readAll(hints: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of hints) count++
  return count
}
