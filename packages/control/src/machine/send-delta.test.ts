import { applyDelta } from '@spanwire/mesh/protocol/bundle-delta'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import { expect, test, vi } from 'vitest'
import type { Answer } from './answer.ts'
import type { MachineDoors } from './create-machine.ts'
import { sha256hex } from './sha256.ts'
import { type Confirmed, files, type Joined, reportText, request, type Scene, testScene } from './test-machine.ts'

const DELTAS = ':delta\n 1\n'
/** Of the same node, which holds nothing. */
const WHOLE = { blocks: DELTAS, view: '-' }

test('who reads deltas is told what changed in what it holds, and has with it what others are sent whole', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  for (let i = 0; i < 5; i++) await scene.join('member')
  const first = await listed(await gateway.sync({ blocks: DELTAS, view: '-' }))
  // Three revisions are passed over.
  const joined = [await scene.join('member'), await scene.join('member'), await scene.join('member')]
  const answer = await ask(scene, gateway, { blocks: DELTAS })
  const whole = await ask(scene, gateway, WHOLE)
  expect([kindOf(answer), kindOf(whole)]).toEqual(['delta', 'tar'])
  const now = applyDelta(first, String(answer.body), sha256hex)
  expect(now).toEqual(await listed(whole))
  const peers = now.find(({ name }) => name === 'peers/span0')?.text
  for (const { publicKey } of joined) expect(peers).toContain(publicKey)
  expect(answer.body.length).toBeLessThan(whole.body.length / 4)
})

test('its enrolment is a bundle that changes are told against, though the proof in it comes once', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const member = await scene.join('member')
  await gateway.sync()
  await scene.join('member')
  const answer = await ask(scene, gateway, { blocks: DELTAS })
  expect(kindOf(answer)).toBe('delta')
  await changePort(scene, gateway.id)
  const changed = await ask(scene, member, { blocks: DELTAS })
  expect(kindOf(changed)).toBe('delta')
  const held = await listed(member.first)
  expect(held[0]?.text).toContain('\ntombstone ')
  const now = applyDelta(held, String(changed.body), sha256hex)
  expect(now).toEqual(await listed(await ask(scene, member, WHOLE)))
  expect(now[0]?.text).not.toContain('\ntombstone ')
})

test('a view that nobody knows, another epoch, or a process that began since: the whole', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  await scene.join('member')
  const told = { blocks: DELTAS }
  expect(kindOf(await ask(scene, gateway, told))).toBe('delta')
  expect(kindOf(await ask(scene, gateway, { ...told, view: 'b'.repeat(64) }))).toBe('tar')
  expect(kindOf(await ask(scene, gateway, { ...told, view: '-' }))).toBe('tar')
  expect(kindOf(await ask(scene, gateway, { ...told, epoch: 0 }))).toBe('tar')
  const other = await scene.another()
  expect(kindOf(await ask(scene, gateway, told, other))).toBe('tar')
})

test('a script of this server is given the part for it, any other when it says that it has one', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const partOf = async (answer: Answer) => /^part delta .*$/m.exec((await files(answer)).get('meta') ?? '')?.[0]
  expect(await partOf(await ask(scene, gateway, { view: '-' }))).toBe(undefined)
  const part = `part delta 0.1.0 ${sha256hex(scene.deps.settings.deltaText)}`
  expect(await partOf(await ask(scene, gateway, { view: '-', blocks: DELTAS }))).toBe(part)
  const script = `0.1.0 ${sha256hex(String(scene.machine.join().body))}`
  expect(await partOf(await ask(scene, gateway, { view: '-', script }))).toBe(part)
})

test('a script of this server is given the part that tells how a node is; an older one tells it itself', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const partOf = async (answer: Answer) => /^part status .*$/m.exec((await files(answer)).get('meta') ?? '')?.[0]
  expect(await partOf(await ask(scene, gateway, { view: '-', blocks: `${DELTAS}:ways\n` }))).toBe(undefined)
  const script = `0.1.0 ${sha256hex(String(scene.machine.join().body))}`
  const part = `part status 0.1.0 ${sha256hex(scene.deps.settings.statusText)}`
  expect(await partOf(await ask(scene, gateway, { view: '-', script }))).toBe(part)
  expect(await partOf(await ask(scene, gateway, { view: '-' }))).toBe(undefined)
})

test('a node that polls with nothing new costs no query', async () => {
  // Reports are written together, twice a second and not at their request: here they wait for `flush`.
  vi.useFakeTimers({ toFake: ['setInterval'] })
  try {
    await using scene = await testScene()
    const gateway = await scene.join('gateway')
    await gateway.sync()
    await scene.machine.flush()
    const { pool } = scene.world.db
    const statements = vi.spyOn(pool, 'query')
    const transactions = vi.spyOn(pool, 'connect')
    for (const holdMs of [0, 200]) expect((await gateway.sync({ holdMs })).status).toBe(204)
    const texts = statements.mock.calls.map(([query]) => (query as unknown as { text: string }).text)
    // The mirror looks at the revisions every 5 s, whoever polls.
    expect(texts.filter((text) => !text.startsWith('SELECT id, epoch, revision FROM networks WHERE'))).toEqual([])
    expect(transactions.mock.calls.length).toBeLessThanOrEqual(texts.length)
    await scene.machine.flush()
    expect(transactions.mock.calls.length).toBeGreaterThan(texts.length)
  } finally {
    vi.useRealTimers()
  }
})

type Said = Partial<Confirmed> & { blocks?: string; script?: string }

/** Without taking what it is sent. */
function ask(scene: Scene, node: Joined, said: Said, at: MachineDoors = scene.machine): Promise<Answer> {
  return at.sync(request(node.credential, reportText(node, { ...node.confirmed, ...said })), { holdMs: 0 })
}

const kindOf = ({ headers }: Answer) => /^application\/x-(?:spanwire-)?(\w+)/.exec(headers['Content-Type'] ?? '')?.[1]

const listed = async (answer: Answer): Promise<BundleFile[]> =>
  [...(await files(answer))].map(([name, text]) => ({ name, text }))

async function changePort(scene: Scene, gatewayId: string): Promise<void> {
  await scene.sql('UPDATE networks SET revision = revision + 1')
  await scene.sql(
    `UPDATE nodes SET endpoint = '203.0.113.7:51999', changed_revision = (SELECT revision FROM networks) WHERE id = $1`,
    [gatewayId],
  )
  const member = { kind: 'network', network: scene.networkId }
  await scene.sql("SELECT pg_notify('spanwire', $1)", [JSON.stringify(member)])
  await scene.machine.flush()
}
