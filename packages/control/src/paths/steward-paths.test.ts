import { expect, test } from 'vitest'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { drainNode } from '../node/drain-node.ts'
import { undrainNode } from '../node/undrain-node.ts'
import { createSite } from '../site/create-site.ts'
import { setSiteGateways } from '../site/set-site-gateways.ts'
import { stewardPaths } from './steward-paths.ts'

test('where members are is kept once there are two gateways, and a third moves nobody', async () => {
  await using scene = await fleet(2)
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'a'])
  await scene.join('gateway', 'gw-3')
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'a'])
})

test('a gateway is drained step by step, and the tunnel that carries is never aimed elsewhere', async () => {
  await using scene = await fleet(3)
  const { gateways, member } = scene
  await steward(scene)
  await drainNode(scene.world.operator, { id: gateways[0]?.id ?? '' })
  await steward(scene)
  // The other tunnel is not proven yet: nothing is preferred that may be dead.
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'a'])
  await says(scene, alive(gateways[1]))
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'b'])
  // It is preferred; the member still goes by the first for its 30 s.
  await says(scene, `${alive(gateways[1])} way default span0 900 plan\n`)
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'b'])
  expect(await events(scene)).toEqual(['node.drain'])
  await says(scene, `${alive(gateways[1])} way default span0b 990 better\n`)
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-3', 'gw-2', 'b'])
  await steward(scene)
  expect(await events(scene)).toEqual(['node.drain', 'node.drained'])
  await undrainNode(scene.world.operator, { id: gateways[0]?.id ?? '' })
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-3', 'gw-2', 'b'])
  expect(member.name).toBe('home-1')
})

test('a site with gateways of its own has its nodes moved to them', async () => {
  await using scene = await fleet(3)
  const { gateways, member } = scene
  await steward(scene)
  const site = await createSite(scene.world.operator, { networkId: scene.networkId, name: 'Berlin' })
  await scene.sql('UPDATE nodes SET site_id = $2 WHERE id = $1', [member.id, site.id])
  await setSiteGateways(scene.world.operator, { id: site.id, gateways: [gateways[2]?.id ?? '', gateways[0]?.id ?? ''] })
  await says(scene, ':ways\n')
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-3', 'a'])
  await says(scene, alive(gateways[2]))
  await later(scene, 100_000)
  await says(scene, alive(gateways[2]))
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-3', 'b'])
  await says(scene, `${alive(gateways[2])} way default span0b 990 better\n`)
  await steward(scene)
  expect(await slots(scene)).toEqual(['gw-1', 'gw-3', 'b'])
})

test('two stewards at once take each step once', async () => {
  await using scene = await fleet(3)
  await Promise.all([steward(scene), steward(scene), steward(scene)])
  const [node] = await scene.sql<{ slot_first: string }>('SELECT slot_first FROM nodes WHERE id = $1', [
    scene.member.id,
  ])
  expect(node?.slot_first).toBe('a')
  await drainNode(scene.world.operator, { id: scene.gateways[0]?.id ?? '' })
  await says(scene, alive(scene.gateways[1]))
  await Promise.all([steward(scene), steward(scene)])
  expect(await slots(scene)).toEqual(['gw-1', 'gw-2', 'b'])
})

test('a pair that was quiet for too long goes, and both of its nodes are told', async () => {
  await using scene = await fleet(1)
  const other = await scene.join('member', 'home-2')
  const [a, b] = [scene.member.id, other.id].sort()
  await scene.sql(`UPDATE networks SET topology = 'mesh' WHERE id = $1`, [scene.networkId])
  await scene.sql(
    `INSERT INTO direct_pairs (network_id, a_id, b_id, since, wanted_until, reason) VALUES ($1, $2, $3, now(), $4, 'test')`,
    [scene.networkId, a, b, new Date(scene.deps.now().getTime() - 1000)],
  )
  const before = await scene.sql<{ changed_revision: string }>(
    'SELECT changed_revision FROM nodes WHERE id = ANY($1)',
    [[a, b]],
  )
  await steward(scene)
  expect(await scene.sql('SELECT 1 FROM direct_pairs')).toEqual([])
  const after = await scene.sql<{ changed_revision: string }>('SELECT changed_revision FROM nodes WHERE id = ANY($1)', [
    [a, b],
  ])
  expect(Math.min(...after.map(revisionOf))).toBeGreaterThan(Math.max(...before.map(revisionOf)))
})

const revisionOf = ({ changed_revision }: { changed_revision: string }) => Number(changed_revision)

type Fleet = Scene & { gateways: Joined[]; member: Joined }

async function fleet(count: number): Promise<Fleet> {
  const scene = await testScene()
  scene.world.setNow(new Date())
  const gateways: Joined[] = []
  for (let i = 1; i <= count; i++) gateways.push(await scene.join('gateway', `gw-${i}`))
  return Object.assign(scene, { gateways, member: await scene.join('member', 'home-1') })
}

const steward = (scene: Scene) => stewardPaths(scene.deps, scene.networkId, new Map())

const later = async (scene: Scene, ms: number) => scene.world.setNow(new Date(scene.deps.now().getTime() + ms))

const alive = (gateway: Joined | undefined) =>
  `:ways\n peer span0b ${gateway?.publicKey} alive 900 999 7.5 40 1 998 203.0.113.7:51820 1000 2000\n`

/** The member takes what it is to have, then reports. */
async function says(scene: Fleet, blocks: string): Promise<void> {
  const wanted = async () => {
    const [row] = await scene.sql<{ revision: string }>('SELECT changed_revision revision FROM nodes WHERE id = $1', [
      scene.member.id,
    ])
    return Number(row?.revision)
  }
  for (let i = 0; i < 100; i++) {
    await scene.member.sync({ view: '-', blocks: ':ways\n' })
    if (scene.member.confirmed.revision >= (await wanted())) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await scene.member.sync({ blocks, uptime: 1000 })
  await scene.machine.flush()
}

async function slots(scene: Fleet): Promise<(string | null)[]> {
  const [row] = await scene.sql<{ a: string | null; b: string | null; first: string }>(
    `SELECT (SELECT name FROM nodes WHERE id = n.slot_a) a, (SELECT name FROM nodes WHERE id = n.slot_b) b, slot_first first
       FROM nodes n WHERE id = $1`,
    [scene.member.id],
  )
  return [row?.a ?? null, row?.b ?? null, row?.first ?? null]
}

async function events(scene: Scene): Promise<string[]> {
  const rows = await scene.sql<{ action: string }>(
    `SELECT action FROM events WHERE action LIKE 'node.drain%' ORDER BY action`,
  )
  return rows.map(({ action }) => action)
}
