import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, ports } from './access-lab.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/** What `spanwire doctor` says of rules, to whoever sits at the machine and sees no console. */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('the doctor says which version is confirmed, which is on trial and for how long, and that all is allowed without one', async () => {
  const world = await AccessLab.on(lab)
  const machine = await world.gateway('asked')
  expect(await said(machine)).toEqual(['version 1 of the policy is confirmed'])

  const id = world.begin(ports(22), 300)
  await world.says('asked', 'on', id)
  const [confirmed, trial, ...more] = await said(machine)
  expect([confirmed, more]).toEqual(['version 1 of the policy is confirmed', []])
  const left = Number(/^version 2 is on trial, for ([0-9]+) s more at most$/.exec(trial ?? '')?.[1])
  expect(left).toBeGreaterThan(240)
  expect(left).toBeLessThanOrEqual(300)

  // With the server dead as well: it is what the machine itself knows.
  world.server.bend = () => ({ status: 502, headers: {}, body: 'a proxy' })
  expect((await said(machine)).map((line) => line.replace(/[0-9]+ s/, 'N s'))).toEqual([
    'version 1 of the policy is confirmed',
    'version 2 is on trial, for N s more at most',
  ])
  world.server.bend = undefined

  world.confirm()
  await until('the doctor to say that it holds', 30_000, async () => {
    const lines = await said(machine)
    return lines.length === 1 && lines[0] === 'version 2 of the policy is confirmed'
  })
})

test('the doctor says that all is allowed where there is no policy', async () => {
  const world = await AccessLab.open(lab)
  const machine = await world.gateway('open')
  expect(await said(machine)).toEqual(['there is no policy; all is allowed inside of the network'])
})

async function said(machine: Machine): Promise<string[]> {
  const { stdout } = await machine.spanwire('doctor')
  return [...stdout.matchAll(/access: (.*)$/gm)].map(([, line]) => line ?? '')
}
