import { expect, test } from 'vitest'
import { testWorld, type World } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { NodeLedgerOutput, nodeLedger } from './node-ledger.ts'

const at = new Date('2026-03-01T12:00:00.000Z')
const STEPS = ['preflight', 'keys', 'enrolled', 'interface', 'handshake', 'reachable']

test('a member is done when the other ends saw every step, and then has measured numbers', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  for (const step of STEPS)
    await write(world, fleet.member(1), step, { said: 'done', confirmedEvidence: `saw ${step}` })
  const ledger = NodeLedgerOutput.parse(await nodeLedger(world.viewer, { id: fleet.member(1) }))
  expect(ledger.steps.map((step) => step.state)).toEqual(STEPS.map(() => 'green'))
  expect(ledger).toMatchObject({
    node: { name: 'member-1', address4: '10.64.0.2' },
    done: true,
    summary: 'member-1 is 10.64.0.2, round trip 12.5 ms, handshake 30 s old, last report 0 s ago',
  })
})

test('what only the node said is not green', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  for (const step of STEPS) await write(world, fleet.member(1), step, { said: 'done' })
  const ledger = await nodeLedger(world.viewer, { id: fleet.member(1) })
  expect(ledger.steps.map((step) => step.state)).toEqual(STEPS.map(() => 'node-says'))
  expect(ledger).toMatchObject({ done: false, summary: null })
})

test('the first gateway is done without a handshake, a second one is not', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  for (const step of STEPS.slice(0, 4)) {
    await write(world, fleet.gateway, step, { said: 'done', confirmedEvidence: 'seen' })
    await write(world, fleet.member(1), step, { said: 'done', confirmedEvidence: 'seen' })
  }
  await world.db.pool.query('delete from links')
  expect(await nodeLedger(world.viewer, { id: fleet.gateway })).toMatchObject({ done: true })
  await world.db.prisma.node.update({ where: { id: fleet.member(1) }, data: { role: 'gateway' } })
  expect(await nodeLedger(world.viewer, { id: fleet.member(1) })).toMatchObject({ done: false })
})

test('a failure keeps its code, its words and its fix', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  await write(world, fleet.member(1), 'preflight', {
    said: 'failed',
    code: 'no-tun',
    evidence: '/dev/net/tun is missing',
  })
  const [preflight] = (await nodeLedger(world.viewer, { id: fleet.member(1) })).steps
  expect(preflight).toMatchObject({
    state: 'failed',
    code: 'no-tun',
    evidence: '/dev/net/tun is missing',
    fix: expect.stringContaining('/dev/net/tun'),
  })
})

test('a step that the other end never sees runs out of its time, by name, with what to do; the word of the node does not help', async () => {
  await using world = await testWorld()
  world.setNow(at)
  const fleet = await testFleet(world.db, { organization: world.organization.id, members: 1, at })
  for (const step of STEPS.slice(0, 4)) {
    await write(world, fleet.member(1), step, { said: 'done', confirmedEvidence: `saw ${step}` })
  }
  await write(world, fleet.member(1), 'handshake', { said: 'done', evidence: 'all is well here' })
  world.setNow(new Date(at.getTime() + 3_600_000))
  const { steps, done } = await nodeLedger(world.viewer, { id: fleet.member(1) })
  const handshake = steps.find((step) => step.step === 'handshake')
  expect(handshake).toMatchObject({ state: 'timed-out', fix: expect.stringMatching(/\w/) })
  expect(handshake?.evidence).toMatch(/^\w.*; the node says: all is well here$/)
  expect(done).toBe(false)
})

type Said = { said: string; code?: string; evidence?: string; confirmedEvidence?: string }

async function write(world: World, nodeId: string, step: string, given: Said): Promise<void> {
  const { confirmedEvidence } = given
  await world.db.prisma.joinStep.create({
    data: { nodeId, step, saidAt: at, ...given, ...(confirmedEvidence && { confirmedAt: at }) },
  })
}
