import { expect, test } from 'vitest'
import type { Hint } from '../hints.ts'
import { testWorld, type World } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { listenHints } from './listen-hints.ts'

const at = new Date('2026-03-01T12:00:00.000Z')

test('hints of the own organization come, of another one do not, whether or not they name it', async () => {
  await using world = await testWorld()
  const own = await testFleet(world.db, { organization: world.organization.id, members: 0, at })
  const foreign = await testFleet(world.db, { organization: idOf(world.stranger.actor), members: 0, at })
  const hints = listenHints(world.viewer, {})
  const heard = hints.next()
  world.services.hints.publish({ kind: 'node', network: foreign.network, node: foreign.gateway })
  world.services.hints.publish({ kind: 'network', network: foreign.network, organization: idOf(world.stranger.actor) })
  world.services.hints.publish({ kind: 'node', network: own.network, node: own.gateway })
  expect((await heard).value).toMatchObject({ kind: 'node', network: own.network })
  await hints.return()
})

test('what changed between reading a page and listening for it is told first, to whom it concerns', async () => {
  await using world = await testWorld()
  const own = await testFleet(world.db, { organization: world.organization.id, members: 0, at })
  const foreign = await testFleet(world.db, { organization: idOf(world.stranger.actor), members: 0, at })
  world.services.hints.publish({ kind: 'node', network: foreign.network, node: foreign.gateway })
  world.services.hints.publish({ kind: 'report', network: own.network })
  for (let i = 0; i < 3; i++) world.services.hints.publish({ kind: 'network', network: own.network })
  const hints = listenHints(world.viewer, { network: own.network })
  expect((await hints.next()).value).toEqual({ kind: 'network', network: own.network })
  const next = hints.next()
  world.services.hints.publish({ kind: 'activity', network: own.network })
  expect((await next).value).toMatchObject({ kind: 'activity' })
  await hints.return()
})

test('a slow reader gets each kind of news once', async () => {
  await using world = await testWorld()
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 0, at })
  const hints = listenHints(world.viewer, { network: fleet.network })
  const first = hints.next()
  const hint: Hint = { kind: 'ledger', network: fleet.network, node: fleet.gateway }
  for (let i = 0; i < 5; i++) world.services.hints.publish(hint)
  world.services.hints.publish({ kind: 'network', network: fleet.network })
  expect([(await first).value, (await hints.next()).value].map((value) => value?.kind)).toEqual(['ledger', 'network'])
  const after = hints.next()
  world.services.hints.publish({ kind: 'activity', network: fleet.network })
  expect((await after).value).toMatchObject({ kind: 'activity' })
  await hints.return()
})

test('reports of a large network are paced, other news is not', async () => {
  await using world = await testWorld()
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 400, at })
  const hints = listenHints(world.viewer, { network: fleet.network })
  const report: Hint = { kind: 'report', network: fleet.network, organization: world.organization.id }
  const began = performance.now()
  const first = hints.next()
  world.services.hints.publish(report)
  expect((await first).value?.kind).toBe('report')
  const second = hints.next()
  setTimeout(() => world.services.hints.publish(report), 1100)
  setTimeout(() => world.services.hints.publish({ kind: 'network', network: fleet.network }), 1200)
  expect((await second).value?.kind).toBe('network')
  expect((await hints.next()).value?.kind).toBe('report')
  expect(performance.now() - began).toBeGreaterThan(1900)
  await hints.return()
})

test('ends at once when the membership is taken away', async () => {
  await using world = await testWorld()
  const hints = listenHints(world.viewer, {})
  const heard = hints.next()
  const { actor } = world.viewer
  await world.db.prisma.membership.deleteMany({ where: { userId: actor.kind === 'person' ? actor.userId : '' } })
  world.services.hints.publish({ kind: 'membership', organization: world.organization.id })
  await expect(heard).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('ends when the reader goes', async () => {
  await using world = await testWorld()
  const gone = new AbortController()
  const heard = listenHints(world.viewer, {}, gone.signal).next()
  gone.abort()
  expect(await heard).toMatchObject({ done: true })
})

test("another organization's network is not there", async () => {
  await using world = await testWorld()
  const foreign = await testFleet(world.db, { organization: idOf(world.stranger.actor), members: 0, at })
  await expect(listenHints(world.viewer, { network: foreign.network }).next()).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

function idOf(actor: World['stranger']['actor']): string {
  return 'organizationId' in actor ? (actor.organizationId ?? '') : ''
}
