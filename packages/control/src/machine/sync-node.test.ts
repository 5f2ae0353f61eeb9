import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  codeOf,
  confirmedBy,
  enrolText,
  files,
  NONE,
  reportText,
  request,
  testNode,
  testScene,
} from './test-machine.ts'

const within = async <T>(work: Promise<T>): Promise<{ value: T; ms: number }> => {
  const start = performance.now()
  return { value: await work, ms: performance.now() - start }
}

test('a node that has what it should is held, then told that there is nothing', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const { value, ms } = await within(gateway.sync({ holdMs: 300 }))
  expect(value.status).toBe(204)
  expect(value.headers).toMatchObject({ 'Spanwire-Protocol': '1' })
  expect(ms).toBeGreaterThan(250)
})

test('a node without a bundle, or with another one, gets one at once', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  for (const confirmed of [NONE, { ...gateway.confirmed, view: 'b'.repeat(64) }]) {
    const { value, ms } = await within(gateway.sync({ ...confirmed, holdMs: 5000 }))
    expect(value.status).toBe(200)
    expect(ms).toBeLessThan(1000)
  }
  expect((await files(await gateway.sync(NONE))).get('meta')).not.toContain('tombstone')
})

test('a member that joins wakes the gateway within a second, and nobody else', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const first = await scene.join('member')
  await gateway.sync()
  const held = within(gateway.sync({ holdMs: 5000 }))
  const other = first.sync({ holdMs: 1200 })
  await sleep(50)
  const member = await scene.join('member', 'home-2')
  const { value, ms } = await held
  expect(value.status).toBe(200)
  expect(ms).toBeLessThan(1000)
  expect((await files(value)).get('peers/span0')).toContain(member.publicKey)
  expect((await other).status).toBe(204)
})

test('a removed node is taken off the gateway within a second; its machine is told with its proof, and only once others are not', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const member = await scene.join('member')
  const proof = /^tombstone (swt_\S+)$/m.exec((await files(member.first)).get('meta') ?? '')?.[1]
  await gateway.sync()
  const held = within(gateway.sync({ holdMs: 5000 }))
  const told = within(member.sync({ holdMs: 5000 }))
  await sleep(50)
  await scene.remove(member.id)
  const bundle = await held
  expect(bundle.ms).toBeLessThan(1000)
  expect((await files(bundle.value)).get('peers/span0')).toBe('')
  const { value, ms } = await told
  expect(ms).toBeLessThan(1000)
  expect(value).toMatchObject({ status: 410, headers: { 'Spanwire-Tombstone': proof } })
  const [tombstone] = await scene.sql<{ told_at: Date | null }>('SELECT told_at FROM tombstones')
  expect(tombstone?.told_at).not.toBe(null)
})

test('an unknown credential keeps everything: 401 and no proof', async () => {
  await using scene = await testScene()
  const answer = await scene.machine.sync(request(testNode().credential, reportText(testNode())), { holdMs: 0 })
  expect([answer.status, codeOf(answer)]).toEqual([401, 'unknown'])
  expect(answer.headers['Spanwire-Tombstone']).toBe(undefined)
})

test('a paused node loses its peers and the gateway loses it; resumed, both come back', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const member = await scene.join('member')
  await gateway.sync()
  const setState = async (state: string) => {
    await scene.sql('UPDATE networks SET revision = revision + 1')
    await scene.sql(
      `UPDATE nodes SET state = $2::node_state, changed_revision = (SELECT revision FROM networks) WHERE id = $1`,
      [member.id, state],
    )
    await scene.sql("SELECT pg_notify('spanwire', $1)", [JSON.stringify({ kind: 'network', network: scene.networkId })])
  }
  const held = member.sync({ holdMs: 5000 })
  await setState('paused')
  const paused = await files(await held)
  expect(paused.get('meta')).toContain('\nstate paused\n')
  expect(paused.get('peers/span0')).toBe('')
  expect((await files(await gateway.sync())).get('peers/span0')).toBe('')
  const again = gateway.sync({ holdMs: 5000 })
  await setState('active')
  expect((await files(await again)).get('peers/span0')).toContain(member.publicKey)
  expect((await files(await member.sync())).get('meta')).toContain('\nstate active\n')
})

test('one held request a node: a newer one answers the older', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const older = within(gateway.sync({ holdMs: 5000 }))
  await sleep(50)
  expect(scene.machine.waiting).toBe(1)
  const newer = gateway.sync({ holdMs: 200 })
  expect((await older).value.status).toBe(204)
  expect((await older).ms).toBeLessThan(1000)
  expect((await newer).status).toBe(204)
  expect(scene.machine.waiting).toBe(0)
})

test('a node that hangs up leaves the waiting room', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const connection = new AbortController()
  const held = gateway.sync({ holdMs: 5000, signal: connection.signal })
  await sleep(50)
  expect(scene.machine.waiting).toBe(1)
  connection.abort()
  await held
  expect(scene.machine.waiting).toBe(0)
})

test('a bundle on trial is confirmed at once, whatever it is', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const { value, ms } = await within(gateway.sync({ ...NONE, trial: `1 2 ${'c'.repeat(64)}`, holdMs: 5000 }))
  expect(value.status).toBe(204)
  expect(ms).toBeLessThan(1000)
})

test('a notification that gets lost costs five seconds, no more', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const held = within(gateway.sync({ holdMs: 15_000 }))
  await sleep(50)
  await scene.sql('UPDATE networks SET mtu = 1400, revision = revision + 1')
  const { value, ms } = await held
  expect((await files(value)).get('interfaces')).toBe('span0 51820 1400\n')
  expect(ms).toBeLessThan(6000)
})

test('a change at one server process wakes nodes that wait at another; a token has one winner among both', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const other = await scene.another()
  await gateway.sync({ at: other })
  const held = within(gateway.sync({ at: other, holdMs: 5000 }))
  await sleep(50)
  const { token } = await scene.invite('member')
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, i) => (i % 2 ? scene.machine : other).enrol(request(token, enrolText(testNode())))),
  )
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  const { value, ms } = await held
  expect(value.status).toBe(200)
  expect(ms).toBeLessThan(1500)
  const member = await scene.join('member', 'late')
  expect((await member.sync({ at: other })).status).toBe(204)
  await scene.remove(member.id)
  await expect.poll(async () => (await member.sync({ at: other })).status, { timeout: 4000 }).toBe(410)
})

test('a database restored 50 revisions old: a new epoch once, everybody gets the restored state, nobody loses the other', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const member = await scene.join('member')
  await gateway.sync()
  const lived = { ...gateway.confirmed, revision: gateway.confirmed.revision + 50 }
  const answers = await Promise.all([
    gateway.sync({ ...lived, holdMs: 3000 }),
    member.sync({ ...member.confirmed, revision: lived.revision, holdMs: 3000 }),
  ])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200])
  expect([gateway.confirmed.epoch, member.confirmed.epoch]).toEqual([2, 2])
  expect((await files(answers[0])).get('peers/span0')).toContain(member.publicKey)
  expect((await files(answers[1])).get('peers/span0')).toContain(gateway.publicKey)
  const [network] = await scene.sql<{ epoch: number; restored_at: Date | null }>(
    'SELECT epoch, restored_at FROM networks',
  )
  expect(network).toMatchObject({ epoch: 2, restored_at: expect.any(Date) })
  expect(await scene.sql(`SELECT count(*)::int AS times FROM events WHERE action = 'network.restored'`)).toEqual([
    { times: 1 },
  ])
  expect((await gateway.sync()).status).toBe(204)
})

test.each([
  ['a million revisions ahead', { epoch: 1, revision: 2_000_000 }],
  ['a thousand epochs ahead', { epoch: 5_000, revision: 1 }],
])('a node that says it is %s moves nothing', async (_, ahead) => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const answer = await gateway.sync({ ...ahead, view: 'd'.repeat(64) })
  expect([answer.status, codeOf(answer)]).toEqual([400, 'too-far-ahead'])
  expect(await scene.sql('SELECT epoch FROM networks')).toEqual([{ epoch: 1 }])
})

test('a cloned disk: the second machine is kept out everywhere, the first goes on untouched', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const other = await scene.another()
  const clone = { instance: '11111111-2222-4333-8444-555555555555.1' }
  expect((await gateway.sync({ uptime: 1000 })).status).toBe(204)
  expect((await gateway.sync({ ...clone, uptime: 5 })).status).toBe(204)
  expect((await gateway.sync({ uptime: 1000 })).status).toBe(204)
  const kept = await gateway.sync({ ...clone, uptime: 6 })
  expect([kept.status, codeOf(kept)]).toEqual([403, 'quarantined'])
  expect(codeOf(await gateway.sync({ ...clone, at: other }))).toBe('quarantined')
  expect(codeOf(await gateway.sync({ instance: clone.instance.replace(/1$/, '2') }))).toBe('quarantined')
  expect((await gateway.sync({ uptime: 1001 })).status).toBe(204)
  const [node] = await scene.sql<{ state: string; held_off: string; quarantine_reason: string }>('SELECT * FROM nodes')
  expect(node).toMatchObject({ state: 'enrolled', held_off: clone.instance })
  expect(node?.quarantine_reason).toContain(gateway.instance)
  expect(await scene.sql(`SELECT count(*)::int AS times FROM events WHERE action = 'node.fork'`)).toEqual([
    { times: 1 },
  ])
})

test('a credential on another machine is kept out at its first word', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const blocks = `:facts\n machine ${'e'.repeat(64)}\n`
  const answer = await gateway.sync({ instance: 'other-boot.1', blocks })
  expect(codeOf(answer)).toBe('quarantined')
  expect((await gateway.sync({ blocks: `:facts\n machine ${gateway.machine}\n` })).status).toBe(204)
})

test('the script and its update carry the address of the server', async () => {
  await using scene = await testScene()
  expect(scene.machine.join()).toMatchObject({
    status: 200,
    body: "#!/bin/sh\nSERVER_URL='https://spanwire.test:3000'\nSERVER_PIN=''\nmain\n",
  })
  const gateway = await scene.join('gateway')
  const get = (secret: string) => scene.machine.script(request(secret, ''))
  expect((await get(gateway.credential)).body).toBe(scene.machine.join().body)
  expect((await get(testNode().credential)).status).toBe(401)
})

test('a new script, or a new address of the server, reaches every node once', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const settings = {
    url: 'https://new.test',
    pin: null,
    scriptText: "#!/bin/sh\nSERVER_URL=''\nSERVER_PIN=''\nmain 2\n",
    scriptVersion: '0.2.0',
    k3sText: '#!/bin/sh\nmain\n',
    accessText: '#!/bin/sh\nmain\n',
    pathsText: '#!/bin/sh\nmain\n',
    keysText: '#!/bin/sh\nmain\n',
    deltaText: '#!/bin/sh\nmain\n',
    statusText: '#!/bin/sh\nmain\n',
    servers: [
      { url: 'https://new.test', pin: null },
      { url: 'https://spanwire.test:3000', pin: null },
    ],
  }
  const moved = await scene.another({ settings })
  const meta = (await files(await gateway.sync({ at: moved }))).get('meta')
  expect(meta).toMatch(
    /^script 0\.2\.0 [0-9a-f]{64}\nserver https:\/\/new\.test -\nserver https:\/\/spanwire\.test:3000 -$/m,
  )
  expect((await gateway.sync({ at: moved })).status).toBe(204)
})

test('the first bundle is what the next sync asks for', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  expect(await confirmedBy(gateway.first)).toEqual(gateway.confirmed)
  expect((await gateway.sync()).status).toBe(204)
})
