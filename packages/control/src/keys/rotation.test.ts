import { expect, test, vi } from 'vitest'
import {
  enrolText,
  files,
  type Joined,
  publicKey,
  request,
  type Scene,
  testNode,
  testScene,
} from '../machine/test-machine.ts'
import { getNodeKeys } from '../node/get-node-keys.ts'
import { goOnRotating } from '../node/go-on-rotating.ts'
import { removeNode } from '../node/remove-node.ts'
import { rotateKeys } from '../node/rotate-keys.ts'
import { stopRotating } from '../node/stop-rotating.ts'
import { stewardRotations } from './steward-rotations.ts'

test('a rotation goes from step to step as the node and its peers say, and the next key becomes the key', async () => {
  await using scene = await hub()
  const { gateway, a, b, step, stateOf } = scene
  await rotateKeys(scene.world.operator, { id: a.id })
  expect(await ordersOf(scene, a)).toMatch(/^rotate [0-9a-f-]{36} make main\n$/)
  expect(await ordersOf(scene, gateway)).toBe(null)
  const next = publicKey()
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${next}`)
  await step()
  expect(await stateOf(a)).toBe('staging')
  // Beside the old one, without AllowedIPs and without a call.
  expect(await ordersOf(scene, gateway)).toBe(`peer ${a.publicKey} ${next} stage\n`)
  expect((await bundleOf(scene, gateway)).get('peers/span0')).toContain(
    `PublicKey = ${next}\nPersistentKeepalive = off`,
  )
  expect(await ordersOf(scene, b)).toBe(null)
  await step()
  expect(await getNodeKeys(scene.world.viewer, { id: a.id })).toMatchObject({
    peers: 1,
    rotation: { text: `0 of 1 peers have the next key. Waiting for ${gateway.name}.`, canStop: true, canGoOn: true },
  })
  await says(scene, gateway, `staged ${next}`)
  await step()
  expect(await stateOf(a)).toBe('switching')
  expect(await ordersOf(scene, a)).toMatch(/^rotate \S+ switch main\n$/)
  expect(await ordersOf(scene, gateway)).toBe(`peer ${a.publicKey} ${next} switch\n`)
  await expect(stopRotating(scene.world.operator, { id: a.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  await says(scene, a, `rotation ${await scene.rotation(a)} proven\n next main ${next}`)
  await step()
  expect(await stateOf(a)).toBe('done')
  const peers = (await bundleOf(scene, gateway)).get('peers/span0') ?? ''
  expect(peers).toMatch(new RegExp(`PublicKey = ${next.replace(/[+/]/g, '\\$&')}\nAllowedIPs = `))
  expect(peers).not.toContain(a.publicKey)
  expect([await ordersOf(scene, gateway), await ordersOf(scene, a)]).toEqual([null, null])
  expect(await getNodeKeys(scene.world.viewer, { id: a.id })).toMatchObject({
    publicKey: next,
    rotatedAt: expect.any(String),
    rotation: { state: 'done', isRunning: false, peers: [] },
  })
  const events = await scene.sql<{ action: string }>(
    `SELECT action FROM events WHERE action LIKE '%keys%' ORDER BY at, id`,
  )
  expect(events.map(({ action }) => action)).toEqual(['node.rotate-keys', 'node.keys-rotated'])
})

test('bundles of those that a rotation does not concern stay as they are', async () => {
  await using scene = await hub()
  const before = await bundleOf(scene, scene.b)
  await rotateKeys(scene.world.operator, { id: scene.a.id })
  const after = await bundleOf(scene, scene.b)
  for (const [name, text] of before) if (name !== 'meta' && name !== 'SHA256SUMS') expect(after.get(name)).toBe(text)
  expect((await scene.b.sync({ blocks: ':keys\n' })).status).toBe(204)
})

test('two who ask at once begin one rotation', async () => {
  await using scene = await hub()
  const both = await Promise.allSettled([1, 2].map(() => rotateKeys(scene.world.operator, { id: scene.a.id })))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { reason: 'already-rotating' } })
})

test('two servers that look at once take each step once, and one that starts anew goes on where the last one was', async () => {
  await using scene = await hub()
  const { a, gateway } = scene
  await rotateKeys(scene.world.operator, { id: a.id })
  const next = publicKey()
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${next}`)
  await says(scene, gateway, `staged ${next}`)
  await Promise.all([scene.step(), scene.step(), scene.step()])
  await scene.step()
  const other = await scene.another()
  await a.sync({ at: other, blocks: `:keys\n rotation ${await scene.rotation(a)} proven\n next main ${next}\n` })
  await other.flush()
  await Promise.all([scene.step(), scene.step()])
  expect(await scene.stateOf(a)).toBe('done')
  expect(await scene.sql(`SELECT 1 FROM events WHERE action = 'node.keys-rotated'`)).toHaveLength(1)
})

test('a peer that is away is waited for and named, until it comes or a person goes on without it', async () => {
  await using scene = await hub()
  const { gateway, a, b } = scene
  await rotateKeys(scene.world.operator, { id: gateway.id })
  const next = publicKey()
  await says(scene, gateway, `rotation ${await scene.rotation(gateway)} made\n next main ${next}`)
  await scene.step()
  await says(scene, a, `staged ${next}`)
  await scene.sql(`UPDATE node_status SET reported_at = reported_at - interval '5 minutes' WHERE node_id = $1`, [b.id])
  await scene.step()
  expect(await scene.stateOf(gateway)).toBe('staging')
  const { rotation } = await getNodeKeys(scene.world.viewer, { id: gateway.id })
  expect(rotation?.text).toBe(`1 of 2 peers have the next key. Waiting for ${b.name}, from which nothing is heard.`)
  expect(rotation?.peers.map(({ state }) => state).sort()).toEqual(['away', 'has'])
  await goOnRotating(scene.world.operator, { id: gateway.id })
  await scene.step()
  expect(await scene.stateOf(gateway)).toBe('switching')
  // Whenever it comes back, it is told of both.
  expect(await ordersOf(scene, b)).toBe(`peer ${gateway.publicKey} ${next} switch\n`)
})

test('a peer that is removed meanwhile is waited for no more, and a node that is removed takes its rotation with it', async () => {
  await using scene = await hub()
  const { gateway, a, b } = scene
  await rotateKeys(scene.world.operator, { id: gateway.id })
  const next = publicKey()
  await says(scene, gateway, `rotation ${await scene.rotation(gateway)} made\n next main ${next}`)
  await scene.step()
  await says(scene, a, `staged ${next}`)
  await removeNode(scene.world.operator, { id: b.id })
  await scene.step()
  expect(await scene.stateOf(gateway)).toBe('switching')
  await rotateKeys(scene.world.operator, { id: a.id })
  await removeNode(scene.world.operator, { id: a.id })
  await scene.step()
  expect(await scene.sql('SELECT node_id FROM key_rotations')).toEqual([{ node_id: gateway.id }])
})

test('it is stopped before the switch, or goes back by itself after it: the old key stays, and another rotation may begin', async () => {
  await using scene = await hub()
  const { gateway, a } = scene
  await rotateKeys(scene.world.operator, { id: a.id })
  const next = publicKey()
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${next}`)
  await scene.step()
  await stopRotating(scene.world.operator, { id: a.id })
  expect([await ordersOf(scene, a), await ordersOf(scene, gateway)]).toEqual([null, null])
  await rotateKeys(scene.world.operator, { id: a.id })
  // What it said of the one before says nothing of this one.
  await scene.step()
  expect(await scene.stateOf(a)).toBe('making')
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${next}`)
  await scene.step()
  await says(scene, gateway, `staged ${next}`)
  await scene.step()
  await says(scene, a, `rotation ${await scene.rotation(a)} returned\n why nobody answered\n next main ${next}`)
  await scene.step()
  expect(await getNodeKeys(scene.world.viewer, { id: a.id })).toMatchObject({
    publicKey: a.publicKey,
    rotatedAt: null,
    rotation: { state: 'returned', text: `${a.name} went back to its old keys: nobody answered.` },
  })
})

test('a key that somebody has is nobody else’s next one', async () => {
  await using scene = await hub()
  const { a, b } = scene
  await rotateKeys(scene.world.operator, { id: a.id })
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${b.publicKey}`)
  await scene.step()
  expect(await scene.stateOf(a)).toBe('refused')
})

test('what a node made and is no key ends the rotation with a sentence, and another one may begin', async () => {
  await using scene = await hub()
  const { gateway, a } = scene
  await rotateKeys(scene.world.operator, { id: a.id })
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${'A'.repeat(43)}=`)
  await scene.step()
  expect(await getNodeKeys(scene.world.viewer, { id: a.id })).toMatchObject({
    publicKey: a.publicKey,
    rotation: {
      state: 'refused',
      isRunning: false,
      text: `The server refused what ${a.name} made: its next key is all zeros, which means “no key”. The old keys stay in use.`,
    },
  })
  const events = await scene.sql<{ after: unknown }>(`SELECT after FROM events WHERE action = 'node.keys-refused'`)
  expect(events).toEqual([{ after: { reason: 'its next key is all zeros, which means “no key”' } }])
  expect([await ordersOf(scene, a), await ordersOf(scene, gateway)]).toEqual([null, null])
  await rotateKeys(scene.world.operator, { id: a.id })
  const next = publicKey()
  await says(scene, a, `rotation ${await scene.rotation(a)} made\n next main ${next}`)
  await scene.step()
  expect(await scene.stateOf(a)).toBe('staging')
})

test('a machine that pastes its line again with the key that it has taken meanwhile is the same node', async () => {
  await using scene = await hub()
  const { nodeId, token } = await scene.invite('member', 'again')
  const machine = testNode()
  const enrol = (publicKey: string) => scene.machine.enrol(request(token, enrolText({ ...machine, publicKey })))
  expect((await enrol(machine.publicKey)).status).toBe(200)
  const next = publicKey()
  expect((await enrol(next)).status).toBe(403)
  await rotateKeys(scene.world.operator, { id: nodeId })
  await scene.sql(`UPDATE key_rotations SET state = 'switching', next_key = $2 WHERE node_id = $1`, [nodeId, next])
  expect((await enrol(next)).status).toBe(200)
  expect((await enrol(publicKey())).status).toBe(403)
})

test('a paused node takes no new keys', async () => {
  await using scene = await hub()
  const { a } = scene
  await scene.sql(`UPDATE nodes SET state = 'paused' WHERE id = $1`, [a.id])
  await expect(rotateKeys(scene.world.operator, { id: a.id })).rejects.toMatchObject({ reason: 'wrong-state' })
})

type Hub = Scene & {
  readonly gateway: Joined
  readonly a: Joined
  readonly b: Joined
  step(): Promise<void>
  stateOf(node: Joined): Promise<string | undefined>
  rotation(node: Joined): Promise<string>
}

async function hub(): Promise<Hub> {
  const scene = await testScene()
  scene.world.setNow(new Date())
  const gateway = await scene.join('gateway')
  const a = await scene.join('member')
  const b = await scene.join('member')
  const row = async (node: Joined) =>
    (
      await scene.sql<{ id: string; state: string }>('SELECT id, state FROM key_rotations WHERE node_id = $1', [
        node.id,
      ])
    )[0]
  const all = {
    ...scene,
    ...{ gateway, a, b },
    step: () => stewardRotations(scene.deps, scene.networkId),
    stateOf: async (node: Joined) => (await row(node))?.state,
    rotation: async (node: Joined) => (await row(node))?.id ?? '',
  }
  for (const node of [gateway, a, b]) await node.sync({ blocks: ':keys\n' })
  await scene.machine.flush()
  return all
}

async function says(scene: Hub, node: Joined, text: string): Promise<void> {
  scene.world.setNow(new Date())
  await node.sync({ blocks: `:keys\n ${text}\n` })
  await scene.machine.flush()
}

/** As the server has it now: its memory follows the database a moment later. */
async function bundleOf(scene: Hub, node: Joined): Promise<Map<string, string>> {
  const [network] = await scene.sql<{ revision: string }>('SELECT revision FROM networks WHERE id = $1', [
    scene.networkId,
  ])
  return vi.waitFor(
    async () => {
      const bundle = await files(await node.sync({ view: '-', blocks: ':keys\n' }))
      expect(bundle.get('meta')).toContain(`\nrevision ${network?.revision}\n`)
      return bundle
    },
    { timeout: 10_000, interval: 50 },
  )
}

const ordersOf = async (scene: Hub, node: Joined) => (await bundleOf(scene, node)).get('policy/keys') ?? null
