import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Hint, notify, openHints } from './hints.ts'
import { testWorld, type World } from './test-db.ts'

test('a hint reaches its own process at once and every other one through the database, once each', async () => {
  await using world = await testWorld()
  await using other = await anotherProcess(world)
  const [here, there] = [listen(world.services.hints), listen(other.hints)]
  world.services.hints.publish({ kind: 'ledger', network: 'n', node: 'x' })
  expect(here).toEqual([{ kind: 'ledger', network: 'n', node: 'x' }])
  await expect.poll(() => there).toMatchObject([{ kind: 'ledger', network: 'n', node: 'x' }])
  await wait(100)
  expect(here).toHaveLength(1)
})

test('a hint of a transaction that is taken back is never heard', async () => {
  await using world = await testWorld()
  const heard = listen(world.services.hints)
  await world.db.prisma
    .$transaction(async (tx) => {
      await notify(tx, { kind: 'network', network: 'taken back' })
      throw new Error('no')
    })
    .catch(() => {})
  await world.db.prisma.$transaction((tx) => notify(tx, { kind: 'network', network: 'kept' }))
  await expect.poll(() => heard).toMatchObject([{ kind: 'network', network: 'kept' }])
})

test('a storm of reports becomes one at once and one a second later', async () => {
  await using world = await testWorld()
  const heard = listen(world.services.hints)
  for (let i = 0; i < 1000; i++) world.services.hints.publish({ kind: 'report', network: 'n' })
  expect(heard).toHaveLength(1)
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(2)
  await wait(1_200)
  expect(heard).toHaveLength(2)
})

test('subscribers hear what they asked for and no other tenant', async () => {
  await using world = await testWorld()
  const heard: Hint[] = []
  world.services.hints.subscribe({ organization: 'a', network: 'n' }, (hint) => heard.push(hint))
  for (const hint of [
    { kind: 'node', organization: 'b', network: 'n' },
    { kind: 'node', organization: 'a', network: 'm' },
    { kind: 'node', organization: 'a', network: 'n' },
    { kind: 'activity', organization: 'a' },
  ] as const)
    world.services.hints.publish(hint)
  expect(heard).toEqual([
    { kind: 'node', organization: 'a', network: 'n' },
    { kind: 'activity', organization: 'a' },
  ])
})

test('what was told lately is kept for a while, like ones once; of too many no more than that there were', async () => {
  await using world = await testWorld()
  const { hints } = world.services
  const begun = hints.recent({ network: 'n' })
  expect(begun).toEqual([])
  for (const node of ['a', 'b', 'a']) hints.publish({ kind: 'node', network: 'n', node })
  hints.publish({ kind: 'node', network: 'm', node: 'c' })
  expect(hints.recent({ network: 'n' }).map(({ node }) => node)).toEqual(['b', 'a'])
  for (let i = 0; i < 2_001; i++) hints.publish({ kind: 'node', network: 'n', node: `${i}` })
  expect(hints.recent({ network: 'n' })[0]).toEqual({ kind: 'gap' })
  expect(hints.recent({ network: 'n' }).length).toBeLessThan(2_000)
})

test('when the listening connection was cut, everyone is told that hints may be missing, and hears again', async () => {
  await using world = await testWorld()
  const heard = listen(world.services.hints)
  await world.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'spanwire listen' AND datname = current_database()`,
  )
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([{ kind: 'gap' }])
  await world.db.prisma.$transaction((tx) => notify(tx, { kind: 'network', network: 'n' }))
  await expect.poll(() => heard.length).toBe(2)
})

test('what is no hint is not heard', async () => {
  await using world = await testWorld()
  const heard = listen(world.services.hints)
  for (const payload of ['', 'x', '[]', '1', '{"a":1}'])
    await world.db.pool.query('SELECT pg_notify($1, $2)', ['spanwire', payload])
  await world.db.prisma.$transaction((tx) => notify(tx, { kind: 'network', network: 'n' }))
  await expect.poll(() => heard).toHaveLength(1)
})

function listen(hints: { subscribe(filter: object, heard: (hint: Hint) => void): unknown }): Hint[] {
  const heard: Hint[] = []
  hints.subscribe({}, (hint) => heard.push(hint))
  return heard
}

async function anotherProcess(world: World) {
  const hints = await openHints(world.db)
  return { hints, [Symbol.asyncDispose]: () => hints.close() }
}
