import { EventEmitter, once } from 'node:events'
import { addFence } from '@spanwire/mesh/policy/add-rules'
import { expect, test } from 'vitest'
import { lockNetwork } from '../network/lock-network.ts'
import { testCluster } from '../test-cluster.ts'
import { testWorld, type World } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { inTransaction } from '../transaction.ts'
import { checkPolicy } from './check-policy.ts'
import { comparePolicies } from './compare-policies.ts'
import { getPolicy } from './get-policy.ts'
import { listPolicyVersions } from './list-policy-versions.ts'
import { restorePolicy } from './restore-policy.ts'
import { savePolicy } from './save-policy.ts'

/** Nobody reports, so what is saved holds at once. */
async function network(world: World) {
  const { id: networkId } = await testNetwork(world)
  const gateway = await joinNode(world, networkId, 'gw')
  const [db, web] = [await joinNode(world, networkId, 'db'), await joinNode(world, networkId, 'web')]
  const save = (text: string, more: object = {}) =>
    savePolicy(world.admin, { networkId, text, confirmSeconds: null, ...more })
  const check = (text: string) => checkPolicy(world.viewer, { networkId, text })
  return { networkId, gateway, db, web, save, check, get: () => getPolicy(world.viewer, { networkId }) }
}

const rule = (from: string, to: string) =>
  `{ "action": "accept", "proto": "tcp", "src": ["${from}"], "dst": ["${to}"] }`
const policy = (...rules: string[]) => `{\n  "acls": [\n${rules.map((one) => `    ${one},\n`).join('')}  ],\n}\n`

test('without a policy everything is allowed, and the text that is proposed changes nothing', async () => {
  await using world = await testWorld()
  const { get, check } = await network(world)
  const { number, text, trial, names } = await get()
  expect({ number, trial }).toEqual({ number: null, trial: null })
  expect(names.nodes).toEqual(['db', 'gw', 'web'])
  expect(await check(text)).toMatchObject({ errors: [], warnings: [], gained: [], lost: [] })
})

test('a text with errors is refused, each with its line and column, and so it is checked', async () => {
  await using world = await testWorld()
  const { check, save } = await network(world)
  const text = policy(rule('node:wbe', 'node:db:5432'))
  const { errors } = await check(text)
  expect(errors).toEqual([
    expect.objectContaining({ line: 3, column: 51, text: 'There is no node "wbe".', fix: 'Did you mean web?' }),
  ])
  await expect(save(text)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    reason: 'policy-errors',
    message: 'Line 3, column 51: There is no node "wbe".',
  })
  await expect(save('{ "acl": [] }')).rejects.toMatchObject({ reason: 'policy-errors' })
})

test('tests that fail refuse the save, each with its line; nothing is written', async () => {
  await using world = await testWorld()
  const { networkId, check, save } = await network(world)
  const text = `{
  "acls": [${rule('node:web', 'node:db:5432')}],
  "tests": [
    { "src": "node:web", "accept": ["node:db:5432"] },
    { "src": "node:web", "deny": ["node:db:5432"] },
    { "src": "node:gw", "accept": ["node:db:22"] },
  ],
}`
  const { tests, counts } = await check(text)
  expect(tests.map(({ line, ok }) => [line, ok])).toEqual([
    [4, true],
    [5, false],
    [6, false],
  ])
  expect(counts).toMatchObject({ rules: 1, tests: 3, failed: 2 })
  const refusal = save(text)
  await expect(refusal).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'policy-tests' })
  await expect(refusal).rejects.toThrow(/^2 tests of the policy fail\. Line 5: .* Line 6: No rule lets tcp/)
  expect(await listPolicyVersions(world.viewer, { networkId, limit: 50 })).toEqual([])
})

test('what is gained and lost is said before, by pair and port', async () => {
  await using world = await testWorld()
  const { save, check } = await network(world)
  const first = policy(rule('node:web', 'node:db:5432'), rule('node:gw', 'node:db:22'))
  const { lost } = await check(first)
  expect(lost.some(({ to, services }) => to.names.includes('db') && services !== 'everything')).toBe(true)
  await save(first)
  const { gained, lost: less } = await check(policy(rule('node:web', 'node:db:5432,6432')))
  expect(gained).toEqual([
    expect.objectContaining({
      from: { names: ['web'], more: 0 },
      to: { names: ['db'], more: 0 },
      services: 'tcp 6432',
      families: 'both',
    }),
  ])
  expect(less).toEqual([expect.objectContaining({ from: { names: ['gw'], more: 0 }, services: 'tcp 22' })])
})

test('what cuts k3s is refused until the fence is in, or it is meant so', async () => {
  await using world = await testWorld()
  const { networkId, gateway, db, save, check } = await network(world)
  await testCluster(world.db, { network: networkId, server: gateway.id, agents: [db.id], at: new Date() })
  const text = policy(rule('node:web', 'node:db:5432'))
  const { cluster } = await check(text)
  expect(cluster.map(({ need }) => need)).toContain('api')
  await expect(save(text)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'policy-cluster' })
  const fenced = addFence(
    text,
    cluster.map(({ cluster: name, fence }) => ({ cluster: name, rule: fence })),
  )
  expect((await check(fenced)).cluster).toEqual([])
  expect(await save(fenced)).toMatchObject({ number: 1, state: 'confirmed' })
  expect(await save(text, { acceptClusterWarnings: true })).toMatchObject({ number: 2 })
})

test('versions are kept, compared and restored; the log has the change as a diff', async () => {
  await using world = await testWorld()
  const { networkId, save, get } = await network(world)
  const [one, two] = [rule('node:web', 'node:db:5432'), rule('node:gw', 'node:db:22')]
  await save(policy(one), { comment: 'the database' })
  await save(policy(one, two))
  await expect(save(policy(one, two))).rejects.toMatchObject({ code: 'CONFLICT', reason: 'policy-unchanged' })
  const compared = await comparePolicies(world.viewer, { networkId, from: 1, to: 2 })
  expect(compared.lines.filter((line) => line?.kind !== 'same')).toEqual([
    { kind: 'added', from: null, to: 4, text: `    ${two},` },
  ])
  expect(compared.gained).toEqual([expect.objectContaining({ services: 'tcp 22' })])
  const restored = await restorePolicy(world.admin, { networkId, number: 1, confirmSeconds: null })
  expect(restored).toMatchObject({ number: 3, state: 'confirmed' })
  expect(await get()).toMatchObject({ number: 3, text: policy(one), comment: 'the database' })
  const versions = await listPolicyVersions(world.viewer, { networkId, limit: 50 })
  expect(versions.map(({ number, state, restoredFrom }) => [number, state, restoredFrom])).toEqual([
    [3, 'holds', 1],
    [2, 'past', null],
    [1, 'past', null],
  ])
  const events = await world.db.prisma.event.findMany({ where: { subjectKind: 'policy' }, orderBy: { id: 'asc' } })
  expect(events.map(({ action }) => action)).toEqual(['policy.save', 'policy.save', 'policy.restore'])
  expect(events[1]).toMatchObject({
    subjectName: 'version 2',
    before: { number: 1 },
    after: { number: 2, diff: expect.arrayContaining([{ kind: 'added', from: null, to: 4, text: `    ${two},` }]) },
  })
})

test('who comes later than another save is told so', async () => {
  await using world = await testWorld()
  const { networkId, save } = await network(world)
  const saved = await Promise.allSettled([
    save(policy(rule('node:web', 'node:db:1')), { basedOn: null }),
    save(policy(rule('node:web', 'node:db:2')), { basedOn: null }),
  ])
  const refused = saved.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []))
  expect(refused).toEqual(['policy-changed'])
  expect((await listPolicyVersions(world.viewer, { networkId, limit: 50 })).map(({ number }) => number)).toEqual([1])
})

test.each(['save', 'restore'] as const)(
  'a node that is renamed while a policy waits to %s is not named by it',
  async (verb) => {
    await using world = await testWorld()
    const { networkId, db, save } = await network(world)
    const old = policy(rule('node:web', 'node:db:5432'))
    await save(old)
    await save(policy(rule('node:web', 'node:gw:22')))
    const [go, hold] = [new EventEmitter(), new EventEmitter()]
    const [told, held] = [once(go, 'now'), once(hold, 'now')]
    const renaming = inTransaction(world.admin, async (tx) => {
      await lockNetwork(tx, world.organization.id, networkId)
      hold.emit('now')
      await told
      await tx.node.update({ where: { id: db.id }, data: { name: 'archive' } })
    })
    await held
    const saving =
      verb === 'save' ? save(old) : restorePolicy(world.admin, { networkId, number: 1, confirmSeconds: null })
    const refused = expect(saving).rejects.toMatchObject({ reason: 'policy-errors' })
    await expect.poll(() => waitsForLock(world)).toBe(true)
    go.emit('now')
    await renaming
    await refused
    expect(await listPolicyVersions(world.viewer, { networkId, limit: 50 })).toHaveLength(2)
  },
)

async function waitsForLock(world: World): Promise<boolean> {
  const { rows } = await world.db.pool.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  )
  return rows.length > 0
}
