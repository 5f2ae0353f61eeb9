// Two server processes on one database, as behind a balancer: real processes, real HTTP, and nothing between them but PostgreSQL.
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, enrolText, files, testNode } from '@spanwire/control/machine/test-machine'
import { databaseUrl, startTestPostgres, type TestPostgres } from '@spanwire/control/test-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { type HttpNode, joinOver, knock } from './http-node.ts'
import { type HttpOperator, httpOperator, keyInDatabase, makeOwner } from './http-operator.ts'
import { type Program, run, scratch, untilReady } from './server-process.ts'

let data: Awaited<ReturnType<typeof scratch>>
let postgres: TestPostgres
let database: pg.Pool
let programs: Program[]
let [here, there] = ['', '']
let operator: HttpOperator
let network = ''
let gateway: HttpNode

beforeAll(async () => {
  data = await scratch()
  postgres = await startTestPostgres()
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query('CREATE DATABASE shared')
  await admin.end()
  const url = databaseUrl(postgres.url, 'shared')
  const ports = [await freePort(), await freePort()]
  // Both at once on an empty database: the migrations, too, are a race with one winner.
  programs = ports.map((port) =>
    run('main', {
      PORT: String(port),
      SPANWIRE_URL: 'http://127.0.0.1:3000',
      HOST: '127.0.0.1',
      SPANWIRE_DATA: `${data.path}/${port}`,
      SPANWIRE_SECRET: 'the same secret on all servers of one database',
      DATABASE_URL: url,
    }),
  )
  ;[here = '', there = ''] = ports.map((port) => `http://127.0.0.1:${port}`)
  await Promise.all([here, there].map((server, n) => untilReady(programs[n] as Program, server)))
  database = new pg.Pool({ connectionString: url })
})

afterAll(async () => {
  await database?.end()
  for (const { child, ended } of programs ?? []) {
    child.kill('SIGTERM')
    await ended
  }
  await postgres?.stop()
  await data[Symbol.asyncDispose]()
})

test('twelve people open the first page of both at once: one is the owner', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => makeOwner(n % 2 ? here : there, `ada${n}@acme.test`)),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(409)])
  expect((await database.query('SELECT count(*)::int AS n FROM users')).rows).toEqual([{ n: 1 }])
  expect((await database.query('SELECT count(*)::int AS n FROM organizations')).rows).toEqual([{ n: 1 }])
})

test('a node that joined at one is known at the other at once', async () => {
  operator = httpOperator(here, await keyInDatabase(database, 'owner'))
  network = (await operator.call<{ id: string }>('network.create', { name: 'home-lab', cidr4: '10.77.0.0/16' })).id
  const { token } = await operator.invite(network, { name: 'gw', role: 'gateway' })
  gateway = await joinOver(here, token)
  expect((await gateway.sync(there)).status).toBe(204)
})

test('64 machines race for one token, half of them at each: one wins, and the gateway that waits at one hears of it', async () => {
  const { token } = await operator.invite(network, { name: 'home-1', role: 'member' })
  const held = gateway.sync(there, { seconds: 20 })
  await sleep(300)
  const machines = Array.from({ length: 64 }, () => testNode())
  const answers = await Promise.all(
    machines.map((machine, n) => knock(n % 2 ? here : there, 'enrol', token, enrolText(machine))),
  )
  const winners = machines.filter((_, n) => answers[n]?.status === 200)
  expect(winners).toHaveLength(1)
  expect(answers.filter((answer) => codeOf(answer) === 'token-used')).toHaveLength(63)
  expect((await files(await held)).get('peers/span0')).toContain(winners[0]?.publicKey)
  const { rows } = await database.query(`SELECT count(*)::int AS n FROM nodes WHERE role = 'member'`)
  expect(rows).toEqual([{ n: 1 }])
})

test('a removal at one takes the peer off a gateway that waits at the other, within a second; its machine gets the proof there', async () => {
  const { nodeId, token } = await operator.invite(network, { name: 'home-2', role: 'member' })
  const member = await joinOver(there, token)
  const proof = /^tombstone (swt_\S+)$/m.exec((await files(member.first)).get('meta') ?? '')?.[1]
  await gateway.settle(there)
  await member.settle(there)
  const held = [gateway, member].map(async (node) => {
    const answer = await node.sync(there, { seconds: 20 })
    return { answer, at: performance.now() }
  })
  await sleep(300)
  await operator.call('node.remove', { id: nodeId })
  const removedAt = performance.now()
  const [peers, gone] = await Promise.all(held)
  expect((await files(peers?.answer as never)).get('peers/span0')).not.toContain(member.publicKey)
  expect(gone?.answer).toMatchObject({ status: 410, headers: { 'spanwire-tombstone': proof } })
  // A quiet machine takes 50 ms, this one runs other tests beside; without the hint it would be the scan, 5 s.
  for (const { at } of [peers, gone] as { at: number }[]) expect(at - removedAt).toBeLessThan(3000)
})

test('an API key revoked at one is nobody at the other at its next request', async () => {
  const made = await operator.call<{ key: string; row: { id: string } }>('apiKey.create', {
    ...{ name: 'ci', role: 'viewer', expiresInDays: 1 },
  })
  const script = httpOperator(there, made.key)
  expect((await script.answer('me.get')).status).toBe(200)
  await operator.call('apiKey.revoke', { id: made.row.id })
  expect((await script.answer('me.get')).status).toBe(401)
})

test('tries are counted by both together: whoever asks two servers in turn has no more of them', async () => {
  const counted = async () => {
    const { rows } = await database.query(
      `SELECT max(points) AS points FROM rate_limits WHERE key LIKE 'signInByAddress%'`,
    )
    return rows[0].points
  }
  const before = await counted()
  for (const server of [here, there]) expect((await makeOwner(server, 'eve@acme.test')).status).toBe(409)
  expect(await counted()).toBe(before + 2)
})
