/**
 * The database is away for half a minute under a server that goes on: refused connections, as when PostgreSQL restarts, and silence,
 * as when its host lost the network. Every door says 503 and when to come back; nobody is told anything that was not read.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '@spanwire/control/machine/answer'
import { codeOf, files, NONE, reportText } from '@spanwire/control/machine/test-machine'
import { databaseUrl, startTestPostgres, type TestPostgres } from '@spanwire/control/test-postgres'
import { testWire } from '@spanwire/control/test-wire'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settings } from './env.ts'
import { type HttpNode, joinOver, knock } from './http-node.ts'
import { type HttpOperator, httpOperator, keyInDatabase, makeOwner } from './http-operator.ts'
import { scratch } from './server-process.ts'
import { startServer } from './start-server.ts'

const AWAY_MS = 30_000
/** A statement ends after 10 s, a connection that cannot be made after 5; the rest is for a busy machine. */
const PATIENCE_MS = 25_000

let postgres: TestPostgres
let admin: pg.Client
beforeAll(async () => {
  postgres = await startTestPostgres()
  admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
})
afterAll(async () => {
  await admin?.end()
  await postgres?.stop()
})

test.concurrent.each(['cut', 'silent'] as const)(
  '30 s with the database %s: 503 with Retry-After at every door, then all goes on by itself',
  { timeout: 240_000 },
  async (mode) => {
    await using data = await scratch()
    await admin.query(`CREATE DATABASE ${mode}`)
    const url = databaseUrl(postgres.url, mode)
    const wire = await testWire(url)
    const server = await startServer(settings({ data: data.path, port: 0, web: false, databaseUrl: wire.url }))
    const database = new pg.Pool({ connectionString: url })
    try {
      await makeOwner(server.url)
      const operator = httpOperator(server.url, await keyInDatabase(database, 'owner'))
      const { id: network } = await operator.call<{ id: string }>('network.create', {
        ...{ name: 'home-lab', cidr4: '10.77.0.0/16' },
      })
      const join = async (name: string, role: 'gateway' | 'member') =>
        joinOver(server.url, (await operator.invite(network, { name, role })).token)
      const gateway = await join('gw', 'gateway')
      const member = await join('home-1', 'member')
      const { token } = await operator.invite(network, { name: 'home-2', role: 'member' })
      for (const node of [gateway, member]) await node.settle(server.url)
      const held = gateway.sync(server.url, { seconds: 15 })
      await sleep(200)

      wire.turn(mode)
      const back = Date.now() + AWAY_MS
      const asked = doorsOf(server.url, operator, member, token).map(async ([door, ask]) => {
        const answers: Said[] = []
        while (Date.now() < back) {
          answers.push(await ask())
          await sleep(1000)
        }
        return { door, answers }
      })
      const withoutBundle = knock(server.url, 'sync?hold=0', gateway.credential, reportText(gateway, NONE))
      expect((await held).status).toBe(204)
      for (const { door, answers } of await Promise.all(asked)) {
        for (const { status, retryAfter, ms } of answers) {
          expect([door, status]).toEqual([door, 503])
          expect(Number(retryAfter)).toBeGreaterThan(0)
          expect(ms).toBeLessThan(PATIENCE_MS)
        }
        expect(answers.length).toBeGreaterThan(0)
      }
      // From what was read before, or not at all.
      const given = await withoutBundle
      if (given.status === 200) expect((await files(given)).get('peers/span0')).toContain(member.publicKey)
      else expect(codeOf(given)).toBe('unavailable')
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)

      wire.turn('open')
      await until(async () => (await operator.answer('network.get', { id: network })).status === 200)
      await until(async () => (await fetch(`${server.url}/readyz`)).status === 200)
      await until(async () => (await gateway.sync(server.url)).status === 204)
      const again = gateway.sync(server.url, { seconds: 20 })
      await sleep(300)
      const late = await joinOver(server.url, token)
      expect((await files(await again)).get('peers/span0')).toContain(late.publicKey)
    } finally {
      wire.turn('open')
      await server.close()
      await database.end()
      await wire.close()
    }
  },
)

type Said = { status: number; retryAfter: string | null; ms: number }

/** What has to read or write something. Of a node that is known and has nothing new to hear, memory may speak: see `held`. */
function doorsOf(
  url: string,
  operator: HttpOperator,
  member: HttpNode,
  token: string,
): [string, () => Promise<Said>][] {
  const timed = async (work: () => Promise<Response>): Promise<Said> => {
    const begun = Date.now()
    const answer = await work()
    await answer.arrayBuffer()
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), ms: Date.now() - begun }
  }
  const node = async (work: () => Promise<Answer>): Promise<Said> => {
    const begun = Date.now()
    const { status, headers } = await work()
    return { status, retryAfter: headers['retry-after'] ?? null, ms: Date.now() - begun }
  }
  /** Has begun when it finds out, so it says the same in an event of its own, and ends. */
  const stream = async (work: () => Promise<Response>): Promise<Said> => {
    const begun = Date.now()
    const text = await (await work()).text()
    const [, data = '{}'] = /^event: serialized-error\ndata: (.*)$/m.exec(text) ?? []
    const said: { data?: { httpStatus: number; retryAfterSeconds: number } } = JSON.parse(data)
    const { httpStatus = 0, retryAfterSeconds = 0 } = said.data ?? {}
    return { status: httpStatus, retryAfter: String(retryAfterSeconds), ms: Date.now() - begun }
  }
  const authorization = `Bearer ${operator.key}`
  const stranger = `swn_${'7'.repeat(64)}`
  return [
    ['REST', () => timed(() => operator.answer('network.list'))],
    ['REST, a write', () => timed(() => operator.answer('network.create', { name: 'x', cidr4: '10.99.0.0/16' }))],
    ['tRPC', () => timed(() => fetch(`${url}/trpc/network.list?input=%7B%7D`, { headers: { authorization } }))],
    ['tRPC, the first visit', () => timed(() => fetch(`${url}/trpc/setup.state?input=%7B%7D`))],
    ['the stream', () => stream(() => fetch(`${url}/trpc/live.hints?input=%7B%7D`, { headers: { authorization } }))],
    ['readyz', () => timed(() => fetch(`${url}/readyz`))],
    ['enrol', () => node(() => knock(url, 'enrol', token, enrolBody(member)))],
    ['step', () => node(() => knock(url, 'step', token, 'spanwire step 1\nstep keys\nstate done\n'))],
    ['sync of a stranger', () => node(() => knock(url, 'sync?hold=0', stranger, reportText(member, NONE)))],
    ['script', () => timed(() => fetch(`${url}/node/v1/script`, { headers: { authorization: `Bearer ${stranger}` } }))],
  ]
}

const enrolBody = (node: HttpNode): string => `spanwire enrol 1
credential-sha256 ${'8'.repeat(64)}
public-key ${node.publicKey}
instance ${node.instance}
machine ${node.machine}
hostname late
script 0.1.0 ${'a'.repeat(64)}
unix 1
`

async function until(holds: () => Promise<boolean>): Promise<void> {
  const begun = Date.now()
  while (!(await holds().catch(() => false))) {
    if (Date.now() - begun > 60_000) throw new Error('it did not come back within a minute')
    await sleep(200)
  }
}
