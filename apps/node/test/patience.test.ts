import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal } from './fake-server.ts'
import { makeImpatient, slept } from './impatient.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.concurrent.each([
  { it: 'a server that is ill', name: 'ill', status: 503, first: 1, most: 60 },
  { it: 'a server that does not know it', name: 'unknown', status: 401, first: 5, most: 900 },
])('$it is asked less and less, and nothing grows meanwhile', async ({ name, status, first, most }) => {
  const server = await lab.server()
  const machine = await lab.machine(name, server)
  await machine.join()
  const standing = await machine.standing()
  await makeImpatient(machine)
  server.bend = ({ path }) =>
    path.startsWith('/node/v1/sync') ? refusal(status, 'unavailable', 'come back') : undefined
  server.release()
  const files = () =>
    machine.host.output(
      '/usr/bin/find /etc/spanwire /var/lib/spanwire /run/spanwire -not -path "*/tick*" -not -path "*/tmp.*" | sort',
    )
  const failures = async (count: number) => {
    const begun = server.requests.length
    await until(`${count} failures`, 60_000, () => server.requests.length >= begun + count)
  }
  await failures(3)
  const before = { files: await files(), log: await machine.log(), processes: machine.host.processes().length }
  await failures(14)
  const pauses = await slept(machine)
  pauses.forEach((pause, index) => {
    expect(pause).toBeLessThanOrEqual(Math.min(most, first * 2 ** index))
    expect(pause).toBeGreaterThanOrEqual(1)
  })
  // Full jitter draws low too; that all of eight draws are in the lowest eighth does not happen in 10^7 runs.
  expect(Math.max(...pauses.slice(-8))).toBeGreaterThan(most / 8)
  expect(new Set(pauses.slice(-8)).size).toBeGreaterThan(1)
  expect(await files()).toBe(before.files)
  expect(await machine.log()).toBe(before.log)
  expect(Math.abs(machine.host.processes().length - before.processes)).toBeLessThan(6)
  expect(await machine.standing()).toBe(standing)

  server.bend = undefined
  await machine.said(/in sync with [^\n]*\n$/)
})

test.concurrent('a server that says when to come back is not asked before', async () => {
  const server = await lab.server()
  const machine = await lab.machine('told', server)
  await machine.join()
  await makeImpatient(machine)
  server.bend = ({ path }) =>
    path.startsWith('/node/v1/sync') ? refusal(429, 'slow-down', 'too many', { 'Retry-After': '77' }) : undefined
  server.release()
  await until('three pauses', 30_000, async () => (await slept(machine)).length >= 3)
  expect(Math.min(...(await slept(machine)))).toBeGreaterThanOrEqual(77)
})
