import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
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
import { createSite } from '../site/create-site.ts'
import { setSiteGateways } from '../site/set-site-gateways.ts'
import { stewardPaths } from './steward-paths.ts'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')

test('a node is given files of paths when its script can read them, and only where it has more than one way', async () => {
  await using scene = await twoGateways()
  const { a } = scene
  const old = await a.sync({ view: '-' })
  expect([...(await files(old)).keys()].filter((name) => name.startsWith('paths/'))).toEqual([])
  const answer = await a.sync({ view: '-', blocks: ':ways\n' })
  const bundle = await files(answer)
  expect(bundle.get('meta')).toContain(`part paths 0.1.0 ${hex(scene.deps.settings.pathsText)}`)
  expect(bundle.get('paths/interfaces')).toMatch(/^span0b /m)
  expect((await a.sync({ blocks: ':ways\n' })).status).toBe(204)
  // A script that went back to an older one is not sent what it would refuse.
  expect([...(await files(await a.sync())).keys()].some((name) => name.startsWith('paths/'))).toBe(false)
})

test('gateways have numbers in the order in which they join, and a number that was freed is given again', async () => {
  await using scene = await twoGateways()
  const numbers = () =>
    scene.sql<{ name: string; gateway_number: number | null }>(
      'SELECT name, gateway_number FROM nodes WHERE network_id = $1 ORDER BY ordinal',
      [scene.networkId],
    )
  expect(await numbers()).toEqual([
    { name: 'gw-1', gateway_number: 1 },
    { name: 'gw-2', gateway_number: 2 },
    { name: 'a', gateway_number: null },
    { name: 'b', gateway_number: null },
  ])
  await scene.remove(scene.first.id)
  await scene.join('gateway', 'gw-3')
  expect((await numbers()).at(-1)).toEqual({ name: 'gw-3', gateway_number: 1 })
})

test('a member of a site that has gateways of its own begins with those', async () => {
  await using scene = await twoGateways()
  const site = await createSite(scene.world.operator, { networkId: scene.networkId, name: 'Berlin' })
  await setSiteGateways(scene.world.operator, { id: site.id, gateways: [scene.second.id] })
  const { nodeId, token } = await scene.invite('member', 'c')
  await scene.sql('UPDATE nodes SET site_id = $2 WHERE id = $1', [nodeId, site.id])
  const first = await scene.machine.enrol(request(token, enrolText(testNode())))
  expect((await files(first)).get('peers/span0')).toContain(scene.second.publicKey)
  expect(await scene.sql('SELECT slot_a, slot_b, slot_first FROM nodes WHERE id = $1', [nodeId])).toEqual([
    { slot_a: scene.second.id, slot_b: null, slot_first: 'a' },
  ])
})

test('the key of the direct interface is kept once it is said, and nobody can say the key of another', async () => {
  await using scene = await twoGateways('mesh')
  const { a, b } = scene
  const key = publicKey()
  await say(scene, a, direct(key, 40_817))
  expect(await row(scene, a)).toMatchObject({ direct_key: key, direct_port: 40_817 })
  for (const taken of [key, scene.first.publicKey, a.publicKey]) await say(scene, b, direct(taken, 40_000))
  expect(await row(scene, b)).toMatchObject({ direct_key: null, direct_port: null })
})

test('a report with nothing new in it costs no revision; one that says where a node is seen costs that node', async () => {
  await using scene = await twoGateways('mesh')
  const { a, first } = scene
  const key = publicKey()
  await say(scene, a, direct(key, 40_817))
  const seen = `:wg span0 endpoints\n ${key}\t198.51.100.77:38211\n:wg span0 latest-handshakes\n ${key}\t${unix(scene)}\n`
  const before = await revision(scene)
  await say(scene, first, seen)
  expect(await observed(scene, a)).toEqual([{ gateway_id: first.id, endpoint: '198.51.100.77:38211' }])
  expect(await revision(scene)).toBe(before + 1)
  expect((await row(scene, a)).changed_revision).toBe(String(before + 1))
  expect((await row(scene, first)).changed_revision).not.toBe(String(before + 1))
  await say(scene, first, seen)
  await say(scene, a, direct(key, 40_817))
  expect(await revision(scene)).toBe(before + 1)
})

test('a session that is long dead says nothing of where a node is, and a member cannot say it at all', async () => {
  await using scene = await twoGateways('mesh')
  const { a, b, first } = scene
  const key = publicKey()
  await say(scene, a, direct(key, 40_817))
  const at = (age: number) =>
    `:wg span0 endpoints\n ${key}\t198.51.100.77:38211\n:wg span0 latest-handshakes\n ${key}\t${unix(scene) - age}\n`
  await say(scene, first, at(200))
  await say(scene, b, at(1))
  expect(await observed(scene, a)).toEqual([])
})

test('a way that is not the planned one is kept with its time and cause, and each change is told once', async () => {
  await using scene = await twoGateways()
  const { a, b } = scene
  await say(scene, a, ':ways\n way default span0b 990 dead\n')
  await say(scene, a, ':ways\n way default span0b 990 dead\n')
  await say(scene, a, ':ways\n way b unreachable 995 dead\n')
  await say(scene, a, ':ways\n')
  const changes = await scene.sql<{ peer_id: string; from_way: string | null; to_way: string | null; cause: string }>(
    'SELECT peer_id, from_way, to_way, cause, at FROM path_changes WHERE node_id = $1 ORDER BY id',
    [a.id],
  )
  expect(changes.map(({ peer_id, from_way, to_way, cause }) => [peer_id, from_way, to_way, cause])).toEqual(
    expect.arrayContaining([
      [a.id, null, 'span0b', 'dead'],
      [b.id, null, 'unreachable', 'dead'],
      [a.id, 'span0b', null, 'plan'],
      [b.id, 'unreachable', null, 'plan'],
    ]),
  )
  expect(changes).toHaveLength(4)
  expect(await scene.sql('SELECT 1 FROM path_states WHERE node_id = $1', [a.id])).toEqual([])
})

test('a node says nothing of ways of others, nor to nodes of another network', async () => {
  await using scene = await twoGateways()
  const other = await scene.otherTenant()
  const gateway = await scene.join('gateway', 'elsewhere', other)
  await say(
    scene,
    scene.a,
    ':ways\n way elsewhere span0b 990 dead\n way a span0b 990 dead\n way nobody span0b 990 dead\n',
  )
  expect(await scene.sql('SELECT 1 FROM path_states')).toEqual([])
  expect(await scene.sql('SELECT 1 FROM path_changes WHERE peer_id = $1', [gateway.id])).toEqual([])
})

test('tunnels of the second slot are kept beside those of the first', async () => {
  await using scene = await twoGateways()
  const { a, first, second } = scene
  const line = (name: string, key: string) =>
    `peer ${name} ${key} alive 900 999 7.5 40 1 998 203.0.113.7:51820 1000 2000`
  const strange = [line('span0d', scene.b.publicKey), line('span0b', first.publicKey), line('span0g1', first.publicKey)]
  await say(
    scene,
    a,
    `:paths\n span0 ${first.publicKey} alive 900 999 5.5 40 1 998\n:ways\n ${[line('span0b', second.publicKey), ...strange].join('\n ')}\n`,
  )
  expect(
    await scene.sql(
      'SELECT peer_id, interface_name, state, rtt_ms, rx_bytes FROM links WHERE node_id = $1 ORDER BY 2',
      [a.id],
    ),
  ).toEqual([
    { peer_id: first.id, interface_name: 'span0', state: 'alive', rtt_ms: 5.5, rx_bytes: '0' },
    { peer_id: second.id, interface_name: 'span0b', state: 'alive', rtt_ms: 7.5, rx_bytes: '1000' },
  ])
})

test('how large packets pass outside of a tunnel is kept with it, also while nobody measures it again', async () => {
  await using scene = await twoGateways()
  const { a, first, second, b } = scene
  const mtu = (name: string, key: string, bytes: number) => ` mtu ${name} ${key} ${bytes}\n`
  const told =
    mtu('span0', first.publicKey, 1492) + mtu('span0b', second.publicKey, 1400) + mtu('span0d', b.publicKey, 1280)
  const alive = `:paths\n span0 ${first.publicKey} alive 900 999 5.5 40 1 998\n:ways\n peer span0b ${second.publicKey} alive 900 999 7.5 40 1 998 203.0.113.7:51820 1000 2000\n`
  await say(scene, a, `${alive}:direct\n${told}`)
  const kept = () =>
    scene.sql('SELECT interface_name name, path_mtu mtu FROM links WHERE node_id = $1 ORDER BY 1', [a.id])
  const want = [
    { name: 'span0', mtu: 1492 },
    { name: 'span0b', mtu: 1400 },
  ]
  expect(await kept()).toEqual(want)
  await say(scene, a, alive)
  expect(await kept()).toEqual(want)
  await say(scene, a, `${alive}:direct\n${mtu('span0', first.publicKey, 1500)}`)
  expect(await kept()).toEqual([{ name: 'span0', mtu: 1500 }, want[1]])
})

test('when a dead direct path was tried and is next, is as its node says; who says what cannot be says nothing', async () => {
  await using scene = await twoGateways('mesh')
  const { a, b } = scene
  await scene.sql(`INSERT INTO direct_pairs VALUES ($1, $2, $3, now(), now() + interval '1 hour', 'test')`, [
    scene.networkId,
    ...[a.id, b.id].sort(),
  ])
  await scene.sql(`UPDATE nodes SET endpoint = '203.0.113.7:51820' WHERE id = $1`, [b.id])
  const key = publicKey()
  await say(scene, a, direct(publicKey(), 40_001))
  await say(scene, b, direct(key, 40_002))
  const peer = (state: string) =>
    `:ways\n peer span0d ${key} ${state} 900 880 - 40 30 850 203.0.113.7:51820 1000 2000\n`
  const tries = async (line: string, state = 'dead') => {
    await say(scene, a, `${peer(state)}${line}`)
    return scene.sql<Record<string, unknown>>(
      `SELECT extract(epoch FROM tried_at - reported_at)::float8 tried, extract(epoch FROM next_try_at - reported_at)::float8 next
         FROM links WHERE node_id = $1 AND interface_name = 'span0d'`,
      [a.id],
    )
  }
  // Its uptime is 1000 s.
  expect(await tries(` try span0d ${key} 940 1120\n`)).toEqual([{ tried: -60, next: 120 }])
  expect(await tries(` try span0d ${key} 990 -\n`)).toEqual([{ tried: -10, next: null }])
  expect(await tries(` try span0d ${key} 940 ${1000 + 64 * 60}\n`)).toEqual([{ tried: -60, next: 64 * 60 }])
  expect(await tries('', 'alive')).toEqual([{ tried: null, next: null }])
  for (const line of [
    ` try span0d ${key} 1001 1120\n`,
    ` try span0d ${key} 940 ${1000 + 65 * 60 + 1}\n`,
    ` try span0d ${key} 940 999999999999999\n`,
    ` try span0b ${key} 940 1120\n`,
    '',
  ])
    expect([line, await tries(line)]).toEqual([line, [{ tried: null, next: null }]])
})

test('two that talk become a pair, for as long as they do; a ping makes none', async () => {
  await using scene = await twoGateways('mesh')
  const { a, b } = scene
  for (const [node, port] of [
    [a, 40_001],
    [b, 40_002],
  ] as const)
    await say(scene, node, direct(publicKey(), port))
  await scene.machine.flush()
  const talk = (packets: number) => `:talk\n 10.77.0.4 ${packets} 1000\n`
  await say(scene, a, talk(100))
  await say(scene, a, talk(110))
  expect(await pairs(scene)).toEqual([])
  const before = await revision(scene)
  await say(scene, a, talk(200))
  await say(scene, a, talk(300))
  expect(await pairs(scene)).toEqual([[a.id, b.id].sort()])
  expect(await revision(scene)).toBe(before + 1)
})

type Two = Scene & { first: Joined; second: Joined; a: Joined; b: Joined }

async function twoGateways(topology = 'hub'): Promise<Two> {
  const scene = await testScene()
  const first = await scene.join('gateway', 'gw-1')
  await scene.sql(`UPDATE networks SET topology = '${topology}' WHERE id = $1`, [scene.networkId])
  const second = await scene.join('gateway', 'gw-2')
  const [a, b] = [await scene.join('member', 'a'), await scene.join('member', 'b')]
  // Where members are is kept once: that is a revision too, which would come at any time.
  await stewardPaths(scene.deps, scene.networkId, new Map())
  return Object.assign(scene, { first, second, a, b })
}

const direct = (key: string, port: number) => `:direct\n key ${key}\n port ${port}\n`
const unix = (scene: Scene) => Math.floor(scene.deps.now().getTime() / 1000)

/** Written, and heard of by the mirror: its answer is a bundle with the revision that came of it. */
async function say(scene: Scene, node: Joined, blocks: string): Promise<void> {
  await node.sync({ blocks, view: '-' })
  await scene.machine.flush()
  const now = await revision(scene)
  for (let i = 0; i < 100; i++) {
    await node.sync({ view: '-' })
    if (node.confirmed.revision >= now) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the mirror did not hear of the change')
}

type Row = { direct_key: string | null; direct_port: number | null; changed_revision: string }

async function row(scene: Scene, node: Joined): Promise<Row> {
  const [found] = await scene.sql<Row>('SELECT direct_key, direct_port, changed_revision FROM nodes WHERE id = $1', [
    node.id,
  ])
  if (!found) throw new Error(`${node.name} is gone`)
  return found
}

const observed = (scene: Scene, node: Joined) =>
  scene.sql('SELECT gateway_id, endpoint FROM observed_endpoints WHERE node_id = $1', [node.id])

async function pairs(scene: Scene): Promise<string[][]> {
  const rows = await scene.sql<{ a_id: string; b_id: string }>('SELECT a_id, b_id FROM direct_pairs')
  return rows.map(({ a_id, b_id }) => [a_id, b_id])
}

async function revision(scene: Scene): Promise<number> {
  const [found] = await scene.sql<{ revision: string }>('SELECT revision FROM networks WHERE id = $1', [
    scene.networkId,
  ])
  return Number(found?.revision)
}
