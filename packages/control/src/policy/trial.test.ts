import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
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
const refreshed = (scene: PolicyScene) => scene.machine.flush().then(() => sleep(50))
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
  await scene.report(scene.members, () => `trial ${trial.id} returned`)
  await judge(scene)
  expect((await read(scene)).trial).toMatchObject({
    state: 'returned',
    reason: expect.stringContaining('node-2 could not'),
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
  for (const node of scene.members) while ((await node.sync()).status === 200);
  // Somebody joins who is named nowhere: neither has to know.
  scene.world.setNow(null as never)
  await scene.join('member')
  scene.at(1000)
  expect([(await one?.sync())?.status, (await other?.sync())?.status]).toEqual([204, 204])
  // A name that a rule means: who is asked for by it hears of it, the other does not.
  await scene.sql('UPDATE networks SET revision = revision + 1 WHERE id = $1', [scene.networkId])
  await scene.sql(
    "UPDATE nodes SET name = 'renamed', changed_revision = (SELECT revision FROM networks WHERE id = $2) WHERE id = $1",
    [one?.id, scene.networkId],
  )
  await scene.sql("SELECT pg_notify('spanwire', $1)", [JSON.stringify({ kind: 'network', network: scene.networkId })])
  await expect.poll(async () => (await one?.sync())?.status).toBe(200)
  expect((await other?.sync())?.status).toBe(204)
})
