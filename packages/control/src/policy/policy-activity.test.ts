import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { expect, test } from 'vitest'
import { testNode } from '../machine/test-machine.ts'
import { accessMatrix } from './access-matrix.ts'
import { countSince } from './count-since.ts'
import { explainAccess } from './explain-access.ts'
import { policyActivity } from './policy-activity.ts'
import { pruneCounters } from './prune-counters.ts'
import { savePolicy } from './save-policy.ts'
import { type PolicyScene, policyScene } from './test-policy.ts'

const TEXT = `{
  "acls": [
    { "action": "accept", "proto": "tcp", "src": ["node:node-2"], "dst": ["node:node-3:22"] },
    { "action": "accept", "src": ["viewer@acme.test"], "dst": ["node:node-3:443"] },
  ],
}`

/** Nobody is fresh, so it holds at once. */
async function withPolicy(members: number): Promise<PolicyScene> {
  const scene = await policyScene(members)
  scene.at(600)
  const { networkId } = scene
  await savePolicy(scene.world.admin, { networkId, text: TEXT, confirmSeconds: null })
  return scene
}

const activity = (scene: PolicyScene, hours = 1) =>
  policyActivity(scene.world.viewer, { networkId: scene.networkId, hours })

test('hits are told by rule and node, as what came since the report before', async () => {
  await using scene = await withPolicy(2)
  const [, target] = scene.members
  const report = (packets: number) =>
    scene.report([target as never], () => `number 1\nrule 1 ${packets} 999\nrule 2 0 0`)
  await report(10)
  await report(15)
  // Its table was loaded again.
  await report(4)
  const { hits, number, counting } = await activity(scene)
  expect({ number, counting }).toEqual({ number: 1, counting: 1 })
  expect(hits).toEqual([
    { rule: 1, line: 3, packets: 19, nodes: [{ id: target?.id, name: 'node-3', packets: 19 }], more: 0 },
    { rule: 2, line: 4, packets: 0, nodes: [], more: 0 },
  ])
})

test('drops are told where they happen, by name, with the rule that would let them in', async () => {
  await using scene = await withPolicy(2)
  const [, target] = scene.members
  await scene.report(
    [target as never],
    () => 'number 1\ndrop 10.77.0.2 10.77.0.3 tcp 5432 41\ndrop 10.77.0.99 10.77.0.3 icmp - 2',
  )
  const { drops } = await activity(scene)
  expect(drops.map(({ text }) => text)).toEqual([
    'node-3 dropped 41 from node-2 to 10.77.0.3:5432 in the last hour; no rule allows it',
    'node-3 dropped 2 from 10.77.0.99 to 10.77.0.3 by icmp in the last hour; no rule allows it',
  ])
  expect(drops[0]).toMatchObject({
    nodeId: target?.id,
    from: 'node-2',
    to: 'node-3',
    proto: 'tcp',
    port: 5432,
    count: 41,
  })
  for (const { suggestion } of drops) expect(readPolicy(`{ "acls": [${suggestion}] }`).policy).not.toBeNull()
  expect(drops[0]?.suggestion).toBe(
    '{ "action": "accept", "proto": "tcp", "src": ["node:node-2"], "dst": ["node:node-3:5432"] }',
  )
  // Ten minutes that began within the hour count, and after it nothing is said of it.
  scene.at(600 + 3500)
  expect((await activity(scene)).drops).toEqual([])
  expect((await activity(scene, 24)).drops).toHaveLength(2)
})

test('a scan fills no table: so many different ones in ten minutes, whatever comes', async () => {
  await using scene = await withPolicy(2)
  const lines = (from: number) =>
    Array.from({ length: 64 }, (_, i) => `drop 10.77.9.9 10.77.0.2 tcp ${from + i} 1`).join('\n')
  for (let round = 0; round < 4; round++) await scene.report(scene.members, () => lines(1000 + 100 * round))
  const [row] = await scene.sql<{ count: number }>('SELECT count(*)::int FROM policy_drops')
  expect(row?.count).toBeLessThanOrEqual(128)
})

test('what is older than anybody is told goes', async () => {
  await using scene = await withPolicy(2)
  const [, target] = scene.members
  await scene.report([target as never], () => 'number 1\nrule 1 5 5\ndrop 10.77.0.2 10.77.0.3 tcp 5432 41')
  const rows = async () =>
    (
      await scene.sql<{ hits: number; drops: number }>(
        'SELECT (SELECT count(*)::int FROM policy_hits) hits, (SELECT count(*)::int FROM policy_drops) drops',
      )
    )[0]
  const after = (hours: number) =>
    pruneCounters(scene.deps.db, new Date(scene.deps.now().getTime() + hours * 3_600_000))
  await after(24)
  expect(await rows()).toEqual({ hits: 1, drops: 1 })
  await after(26)
  expect(await rows()).toEqual({ hits: 1, drops: 0 })
  await after(24 * 8 + 1)
  expect(await rows()).toEqual({ hits: 0, drops: 0 })
})

test('counters begin anew with their table, and go on when another version changed nothing on a node', () => {
  const report = (packets: number, table: string | null = 'a') => ({
    ...{ number: 1, trial: null, table, rules: new Map([[1, packets]]), drops: [] },
  })
  const first = countSince(null, 1, report(10))
  expect([...countSince(first.counted, 1, report(12, 'b')).rules]).toEqual([[1, 12]])
  expect(countSince(first.counted, 2, report(12))).toMatchObject({ version: 2, rules: new Map([[1, 2]]) })
  const nameless = countSince(null, 1, report(10, null))
  expect([...countSince(nameless.counted, 2, report(12, null)).rules]).toEqual([[1, 12]])
  expect([...countSince(first.counted, 1, report(12)).rules]).toEqual([[1, 2]])
})

test('a drop that leaves the list of the busiest and comes back is counted once', () => {
  const drop = (packets: number) => ({ source: '10.0.0.1', destination: '10.0.0.2', protocol: 6, port: 1, packets })
  const report = (...drops: ReturnType<typeof drop>[]) => ({
    ...{ number: 1, trial: null, table: 'a', rules: new Map(), drops },
  })
  const first = countSince(null, 1, report(drop(10)))
  const without = countSince(first.counted, 1, report())
  expect(countSince(without.counted, 1, report(drop(13))).drops).toMatchObject([{ packets: 3 }])
})

test('explain: for nodes, devices and people, in both families, with the rule that says so', async () => {
  await using scene = await withPolicy(2)
  const { networkId, world } = scene
  const actor = world.viewer.actor as { userId: string }
  await scene.sql(
    `INSERT INTO devices (id, network_id, user_id, name, public_key, ordinal) VALUES (gen_random_uuid(), $1, $2, 'phone', $3, 50)`,
    [networkId, actor.userId, testNode().publicKey],
  )
  const ask = (from: string, to: string, port: number | null, proto = 'tcp') =>
    explainAccess(world.viewer, { networkId, from, to, port, proto })
  const ssh = await ask('node-2', 'node-3', 22)
  expect(ssh).toMatchObject({
    verdict: 'allowed',
    sentence: 'Rule 1 (line 3) lets tcp 22 from node-2 to node-3 through.',
  })
  expect(ssh.cases[0]).toMatchObject({ rule: { number: 1, line: 3 }, from: '10.77.0.2', to: '10.77.0.3', family: 4 })
  expect((await ask('node-2', 'node-3', 23)).verdict).toBe('denied')
  for (const from of ['device:phone', 'viewer@acme.test', '10.77.0.50'])
    expect(await ask(from, 'node:node-3', 443)).toMatchObject({ verdict: 'allowed', cases: [{ rule: { number: 2 } }] })
  expect((await ask('viewer@acme.test', 'node-3', null, 'icmp')).verdict).toBe('allowed')
  expect((await ask('owner@acme.test', 'node-3', 443)).verdict).toBe('nobody')
  await expect(ask('device:tablet', 'node-3', 443)).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'from' })
  await expect(ask('node-2', 'node-3', null)).rejects.toMatchObject({ field: 'port' })
  await expect(ask('node-2', 'node-3', 1, 'tpc')).rejects.toMatchObject({
    field: 'proto',
    fix: expect.stringContaining('tcp'),
  })
  await scene.sql(
    `INSERT INTO devices (id, network_id, user_id, name, public_key, ordinal)
     SELECT gen_random_uuid(), $1, u.id, 'phone', $2, 51 FROM users u WHERE u.email = 'owner@acme.test'`,
    [networkId, testNode().publicKey],
  )
  expect((await ask('device:phone of owner@acme.test', 'node-3', 443)).verdict).toBe('denied')
  expect((await ask('device:phone of viewer@acme.test', 'node-3', 443)).verdict).toBe('allowed')
  const draft = { networkId, from: 'node-2', to: 'node-3', port: 22, proto: 'tcp', text: '{ "acls": [] }' }
  expect((await explainAccess(world.viewer, draft)).verdict).toBe('denied')
})

test('the matrix has groups of those who are treated alike, and groups as a person thinks of them', async () => {
  await using scene = await withPolicy(3)
  const { networkId, world } = scene
  const matrix = (by: 'alike' | 'node' | 'tag') => accessMatrix(world.viewer, { networkId, by, family: '4' })
  const { groups, cells } = await matrix('alike')
  const at = (name: string) => groups.findIndex(({ members }) => members.includes(name))
  expect(groups[at('node-4')]?.members).toEqual(['gw-1', 'node-4'])
  expect(cells[at('node-2')]?.[at('node-3')]).toBe('tcp 22')
  expect(cells[at('node-4')]?.[at('node-3')]).toBe('nothing')
  expect((await matrix('node')).groups.map(({ label }) => label)).toEqual(['gw-1', 'node-2', 'node-3', 'node-4'])
  const byTag = await matrix('tag')
  expect(byTag).toMatchObject({ groups: [{ label: 'nodes without a tag' }], cells: [['some: tcp 22']] })
})

test('the matrix answers about a text that nobody has saved, and says where it has an error', async () => {
  await using scene = await withPolicy(2)
  const { networkId, world } = scene
  const ask = (text: string) => accessMatrix(world.viewer, { networkId, by: 'node', family: '4', text })
  expect(await ask('{ "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }] }')).toMatchObject({
    number: null,
    cells: [expect.arrayContaining(['everything']), expect.anything(), expect.anything()],
  })
  await expect(ask('{ "acls": [')).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    field: 'text',
    message: expect.stringContaining('line 1'),
  })
})
