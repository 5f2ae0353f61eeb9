import { expect, test } from 'vitest'
import { files, type Joined } from '../machine/test-machine.ts'
import { testCluster } from '../test-cluster.ts'
import { checkPolicy } from './check-policy.ts'
import { confirmPolicy } from './confirm-policy.ts'
import { getPolicy } from './get-policy.ts'
import { returnPolicy } from './return-policy.ts'
import { savePolicy } from './save-policy.ts'
import { stewardTrial } from './steward-trial.ts'
import { type PolicyScene, policyScene, trialOf } from './test-policy.ts'

const SSH = '{ "acls": [{ "action": "accept", "proto": "tcp", "src": ["node:gw-1"], "dst": ["*:22"] }] }'
const WEB = '{ "acls": [{ "action": "accept", "proto": "tcp", "src": ["node:gw-1"], "dst": ["*:443"] }] }'

type Extra = { confirmSeconds?: number }
const save = (scene: PolicyScene, text: string, { confirmSeconds }: Extra = {}) =>
  savePolicy(scene.world.admin, { networkId: scene.networkId, text, confirmSeconds: confirmSeconds ?? null })
const read = (scene: PolicyScene) => getPolicy(scene.world.viewer, { networkId: scene.networkId })
const judge = (scene: PolicyScene) => stewardTrial(scene.deps, scene.networkId)
/** The server's mirror has what was written: it follows by hints, soon, not at once. */
async function refreshed(scene: PolicyScene): Promise<void> {
  const [row] = await scene.sql<{ revision: string }>('SELECT revision FROM networks WHERE id = $1', [scene.networkId])
  const seen = async () => Number(/^revision (.*)$/m.exec((await scene.bundle(scene.gateway)).get('meta') ?? '')?.[1])
  await expect.poll(seen, { timeout: 20_000 }).toBeGreaterThanOrEqual(Number(row?.revision))
}
const actions = async (scene: PolicyScene) =>
  (await scene.sql<{ action: string }>("SELECT action FROM events WHERE action LIKE 'policy.%' ORDER BY id")).map(
    ({ action }) => action,
  )

test('a version is tried by who is well, confirmed once all are well under it, and is then what all have', async () => {
  await using scene = await policyScene(2)
  const all = [scene.gateway, ...scene.members]
  const trial = await save(scene, SSH)
  expect(trial).toMatchObject({ number: 1, state: 'running', needsConfirm: false, allWell: false })
  expect(trial.nodes.map(({ name, ok }) => `${name} ${ok}`).sort()).toEqual([
    'gw-1 false',
    'node-2 false',
    'node-3 false',
  ])
  await refreshed(scene)
  for (const node of all) {
    const bundle = await scene.bundle(node)
    expect(bundle.get('policy/state')).toBe(`confirmed 0\ntrial ${trial.id} 1 75\n`)
    expect(bundle.get('policy/trial.nft')).toContain('chain judge')
    expect(bundle.get('firewall.nft')).not.toContain('chain judge')
    expect(bundle.get('meta')).toMatch(/^part access 0\.1\.0 [0-9a-f]{64}$/m)
  }
  const on = () => `number 0\ntrial ${trial.id} on\n`
  scene.at(2)
  await scene.report(all, on)
  await judge(scene)
  expect((await read(scene)).trial).toMatchObject({ state: 'running' })
  // Said long enough ago, and heard since, but one not yet.
  scene.at(13)
  await scene.report([scene.gateway, scene.members[0] as never], on)
  await judge(scene)
  expect((await read(scene)).trial?.nodes.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['node-3'])
  scene.at(15)
  await scene.report(all, on)
  await judge(scene)
  const { number, trial: ended } = await read(scene)
  expect({ number, state: ended?.state, reason: ended?.reason }).toEqual({
    number: 1,
    state: 'confirmed',
    reason: 'All 3 machines are well under it.',
  })
  await refreshed(scene)
  const bundle = await scene.bundle(scene.gateway)
  expect(bundle.get('policy/state')).toBe('confirmed 1\n')
  expect(bundle.has('policy/trial.nft')).toBe(false)
  expect(bundle.get('firewall.nft')).toContain('chain judge')
  expect(await actions(scene)).toEqual(['policy.save', 'policy.confirm'])
})

test('one who was away never gets the trial, and hears of the confirmed version only', async () => {
  await using scene = await policyScene(2)
  const [here, away] = scene.members
  scene.at(100)
  await scene.report([scene.gateway, here as never])
  expect((await checkPolicy(scene.world.viewer, { networkId: scene.networkId, text: SSH })).away).toEqual([
    { id: away?.id, name: 'node-3', why: 'silent: last report 100 s ago' },
  ])
  const trial = await save(scene, SSH)
  await refreshed(scene)
  expect(await trialOf(scene, here as never)).not.toBeNull()
  expect(await trialOf(scene, away as never)).toBeNull()
  expect(trial.nodes.map(({ name }) => name).sort()).toEqual(['gw-1', 'node-2'])
})

test('who joins meanwhile does not get it, and who is removed is waited for no longer', async () => {
  await using scene = await policyScene(2)
  const trial = await save(scene, SSH)
  scene.world.setNow(null as never)
  const late = await scene.join('member')
  scene.at(1)
  await refreshed(scene)
  expect(await trialOf(scene, late)).toBeNull()
  await scene.remove(scene.members[1]?.id ?? '')
  await refreshed(scene)
  const rest = [scene.gateway, scene.members[0] as never]
  for (const seconds of [2, 14]) {
    scene.at(seconds)
    await scene.report(rest, () => `trial ${trial.id} on`)
  }
  await judge(scene)
  expect(await read(scene)).toMatchObject({ number: 1, trial: { state: 'confirmed' } })
})

test('not well in time: all return, and it is said who was not', async () => {
  await using scene = await policyScene(2)
  const trial = await save(scene, SSH)
  for (const seconds of [2, 14, 40, 59]) {
    scene.at(seconds)
    await scene.report([scene.gateway, scene.members[0] as never], () => `trial ${trial.id} on`)
    await judge(scene)
  }
  expect((await read(scene)).trial?.state).toBe('running')
  scene.at(60)
  await judge(scene)
  expect(await read(scene)).toMatchObject({
    number: null,
    trial: {
      state: 'returned',
      reason: 'node-3 has not said that it runs the rules on trial. So all went back to the rules before.',
    },
  })
  await refreshed(scene)
  expect(await trialOf(scene, scene.gateway)).toBeNull()
  expect((await scene.bundle(scene.gateway)).get('firewall.nft')).not.toContain('chain judge')
  expect(await actions(scene)).toEqual(['policy.save', 'policy.return'])
})

test('one that goes back by itself brings all back, at once', async () => {
  await using scene = await policyScene(1)
  const trial = await save(scene, SSH)
  scene.at(5)
  await scene.report(scene.members, () => `trial ${trial.id} returned\nwhy nft refused the rules`)
  await judge(scene)
  expect((await read(scene)).trial).toMatchObject({
    state: 'returned',
    reason: 'node-2 could not keep the rules and went back to those before: nft refused the rules.',
  })
})

test('a server that was away when the time was over finds all returned, and another one did not confirm it', async () => {
  await using scene = await policyScene(1)
  const trial = await save(scene, SSH)
  for (const seconds of [2, 14]) {
    scene.at(seconds)
    await scene.report([scene.gateway, ...scene.members], () => `trial ${trial.id} on`)
  }
  scene.at(90)
  await judge(scene)
  expect((await read(scene)).trial?.reason).toMatch(/^The server was away when the time was over/)
})

test('a person who was asked: their word counts once all are well, and none is a return', async () => {
  await using scene = await policyScene(1)
  const all = [scene.gateway, ...scene.members]
  const { networkId } = scene
  let trial = await save(scene, SSH, { confirmSeconds: 300 })
  await refreshed(scene)
  expect((await trialOf(scene, scene.gateway))?.line).toBe(`trial ${trial.id} 1 315`)
  await expect(confirmPolicy(scene.world.admin, { networkId })).rejects.toMatchObject({ reason: 'not-well' })
  for (const seconds of [2, 14]) {
    scene.at(seconds)
    await scene.report(all, () => `trial ${trial.id} on`)
    await judge(scene)
  }
  expect((await read(scene)).trial).toMatchObject({ state: 'running', allWell: true })
  expect(await confirmPolicy(scene.world.admin, { networkId })).toMatchObject({ state: 'confirmed' })
  await expect(confirmPolicy(scene.world.admin, { networkId })).rejects.toMatchObject({ reason: 'no-trial' })

  trial = await save(scene, WEB, { confirmSeconds: 120 })
  for (const seconds of [20, 40, 80, 133]) {
    scene.at(seconds)
    await scene.report(all, () => `trial ${trial.id} on`)
    await judge(scene)
  }
  expect((await read(scene)).trial?.state).toBe('running')
  scene.at(134)
  await judge(scene)
  expect(await read(scene)).toMatchObject({
    number: 1,
    trial: {
      number: 2,
      state: 'returned',
      reason: 'Nobody confirmed it within 2 min, so all went back to the rules before.',
    },
  })
})

test('a second one waits for the first, which a person may take back', async () => {
  await using scene = await policyScene(1)
  await save(scene, SSH)
  await expect(save(scene, WEB)).rejects.toMatchObject({ code: 'CONFLICT', reason: 'trial-running' })
  const { networkId } = scene
  expect(await returnPolicy(scene.world.admin, { networkId })).toMatchObject({ state: 'returned' })
  expect(await save(scene, WEB)).toMatchObject({ number: 2, state: 'running' })
})

test('two savers at once, and two servers that decide at once: one wins each time', async () => {
  await using scene = await policyScene(1)
  const saved = await Promise.allSettled([save(scene, SSH), save(scene, WEB)])
  expect(saved.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const { trial } = await read(scene)
  for (const seconds of [2, 14]) {
    scene.at(seconds)
    await scene.report([scene.gateway, ...scene.members], () => `trial ${trial?.id} on`)
  }
  await Promise.all([judge(scene), judge(scene), judge(scene)])
  expect(await actions(scene)).toEqual(['policy.save', 'policy.confirm'])
})

test('two servers: what one was told counts at the other, and both hand out the same', async () => {
  await using scene = await policyScene(1)
  const other = await scene.another()
  const [member] = scene.members
  const trial = await save(scene, SSH)
  const whole = { at: other, script: scene.script, epoch: 0, revision: 0, view: '-' }
  await expect
    .poll(async () => (await files(await (member as Joined).sync(whole))).get('policy/state'))
    .toContain(trial.id)
  const at = async (seconds: number) => {
    scene.at(seconds)
    await scene.report([scene.gateway], () => `trial ${trial.id} on`)
    const uptime = 100_000 + seconds
    const alive = ` span0 ${scene.gateway.publicKey} alive 1000 ${uptime} 12.5 10 0 ${uptime - 30}`
    await (member as Joined).sync({
      at: other,
      uptime,
      script: scene.script,
      blocks: `:paths\n${alive}\n:policy\n trial ${trial.id} on\n`,
    })
    await other.flush()
  }
  await at(2)
  await at(14)
  await judge(scene)
  expect(await read(scene)).toMatchObject({ number: 1, trial: { state: 'confirmed' } })
  await expect
    .poll(async () => (await files(await (member as Joined).sync(whole))).get('policy/state'))
    .toBe('confirmed 1\n')
})

test('where a machine was Ready in Kubernetes it is judged at the end, by what its servers tell then', async () => {
  await using scene = await policyScene(1)
  const [member] = scene.members
  const all = [scene.gateway, ...scene.members]
  await testCluster(scene.world.db, {
    ...{ network: scene.networkId, server: scene.gateway.id, agents: [member?.id ?? ''], at: scene.deps.now() },
  })
  const fenced = `{ "acls": [{ "action": "accept", "src": ["*"], "dst": ["*:*"] }] }`
  const trial = await save(scene, fenced)
  const seen = (node: string, ready: string, seconds: number) =>
    scene.sql(
      `UPDATE cluster_nodes SET seen = seen || jsonb_build_object('ready', $2::text, 'reason', 'NodeStatusUnknown'), seen_at = $3 WHERE node_id = $1`,
      [node, ready, new Date(new Date(trial.startedAt).getTime() + seconds * 1000)],
    )
  for (const seconds of [2, 14, 40, 58]) {
    scene.at(seconds)
    await scene.report(all, () => `trial ${trial.id} on`)
    await judge(scene)
  }
  expect((await read(scene)).trial).toMatchObject({ state: 'running', allWell: false })
  await seen(scene.gateway.id, 'True', 58)
  await seen(member?.id ?? '', 'Unknown', 58)
  scene.at(60)
  await judge(scene)
  expect((await read(scene)).trial).toMatchObject({
    state: 'returned',
    reason: 'node-2 was Ready in Kubernetes and is not: NodeStatusUnknown. So all went back to the rules before.',
  })
})

test('where nobody is well it holds at once, and says so', async () => {
  await using scene = await policyScene(1)
  scene.at(1000)
  expect(await save(scene, SSH)).toMatchObject({
    state: 'confirmed',
    reason: expect.stringMatching(/^No machine was well/),
  })
  expect((await read(scene)).number).toBe(1)
})

test('machines whose own rules stay the same hear nothing of a change', async () => {
  await using scene = await policyScene(2)
  scene.at(1000)
  const rule = (to: string) => `{ "action": "accept", "proto": "tcp", "src": ["node:gw-1"], "dst": ["${to}"] }`
  await save(scene, `{ "acls": [${rule('node:node-2:22')}, ${rule('node:node-3:22')}] }`)
  await refreshed(scene)
  const [one, other] = scene.members
  for (const node of scene.members) while ((await node.sync({ script: scene.script })).status === 200);
  // Somebody joins who is named nowhere: neither has to know.
  scene.world.setNow(null as never)
  await scene.join('member')
  scene.at(1000)
  const asks = { script: scene.script }
  expect([(await one?.sync(asks))?.status, (await other?.sync(asks))?.status]).toEqual([204, 204])
  // A name that a rule means: who is asked for by it hears of it, the other does not.
  await scene.sql('UPDATE networks SET revision = revision + 1 WHERE id = $1', [scene.networkId])
  await scene.sql(
    "UPDATE nodes SET name = 'renamed', changed_revision = (SELECT revision FROM networks WHERE id = $2) WHERE id = $1",
    [one?.id, scene.networkId],
  )
  await scene.sql("SELECT pg_notify('spanwire', $1)", [JSON.stringify({ kind: 'network', network: scene.networkId })])
  await expect.poll(async () => (await one?.sync(asks))?.status).toBe(200)
  expect((await other?.sync(asks))?.status).toBe(204)
})

test('an older script hears the rules that hold and nothing that it would refuse, and tries none', async () => {
  await using scene = await policyScene(2)
  const [old, current] = scene.members
  const older = (blocks = '') => (old as Joined).sync({ epoch: 0, revision: 0, view: '-', blocks })
  await older()
  await scene.machine.flush()
  const { away } = await checkPolicy(scene.world.viewer, { networkId: scene.networkId, text: SSH })
  expect(away).toEqual([
    {
      id: old?.id,
      name: 'node-2',
      why: expect.stringMatching(
        /^its script .+ is older than this server and cannot try rules until it has replaced itself$/,
      ),
    },
  ])
  const trial = await save(scene, SSH)
  await refreshed(scene)
  expect(trial.nodes.map(({ name }) => name).sort()).toEqual(['gw-1', current && 'node-3'])
  const bundle = await files(await older())
  expect([...bundle.keys()].filter((name) => name.startsWith('policy/'))).toEqual([])
  expect(bundle.get('meta')).not.toContain('part access')
  await returnPolicy(scene.world.admin, { networkId: scene.networkId })
  scene.at(1000)
  await save(scene, WEB)
  await refreshed(scene)
  const held = await files(await older())
  expect(held.get('firewall.nft')).toContain('chain judge')
  expect(held.has('policy/state')).toBe(false)
  // A moment later it runs the new script, and takes part.
  expect((await scene.bundle(old as Joined)).get('policy/state')).toBe('confirmed 2\n')
})
