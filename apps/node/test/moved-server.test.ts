import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FakeServer } from './fake-server.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.concurrent('a node follows its server to another address, and knows the way back', async () => {
  const old = await lab.server()
  const machine = await lab.machine('moving', old)
  await machine.join()
  const moved = await lab.server()
  moved.nodes.push(...old.nodes)
  moved.scriptText = old.scriptText
  move(old, moved)
  await until('it asking at the new address', 45_000, () => (moved.last('moving')?.confirmed.revision ?? 0) > 1)
  const servers = (await machine.host.readFile('/etc/spanwire/server')).trim().split('\n')
  expect(servers).toEqual([`${moved.url} -`, `${old.url} -`])
  const asked = old.requests.length
  const heard = moved.reports.length
  moved.publish()
  moved.release()
  await until('it goes on there', 45_000, () => moved.reports.length > heard + 1)
  expect(old.requests.length).toBe(asked)

  await moved.close()
  await until('it back at the old one', 60_000, () => old.requests.length > asked)
})

test.concurrent('a node that is sent to an address where nobody is stays with the server it has', async () => {
  const server = await lab.server()
  const machine = await lab.machine('staying', server)
  await machine.join()
  server.servers = [{ url: 'http://203.0.113.254:9', pin: null }]
  server.publish()
  await machine.synced(45_000)
  const heard = server.reports.length
  server.release()
  await until('it asking again', 60_000, () => server.reports.length > heard + 1)
  expect(server.last('staying')?.trial).toBe(null)
  expect((await machine.spanwire('status')).stdout).toContain(server.url)
})

function move(from: FakeServer, to: FakeServer): void {
  const servers = [{ url: to.url, pin: to.pin }]
  from.servers = servers
  to.servers = servers
  to.revision = from.revision + 1
  from.publish()
}
