// The doors as one server opens them: machines, people, scripts, Prometheus.
import { randomBytes, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { confirmedBy, enrolText, reportText, testNode } from '@spanwire/control/machine/test-machine'
import { hashToken, makeToken } from '@spanwire/control/secrets'
import { encode } from 'next-auth/jwt'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settings } from './env.ts'
import { run, scratch } from './server-process.ts'
import { type RunningServer, startServer } from './start-server.ts'

let data: Awaited<ReturnType<typeof scratch>>
let server: RunningServer
/** A second server on the same database, behind a proxy on loopback that it trusts. */
let behindProxy: RunningServer
let database: pg.Pool
const owner = { name: 'Ada', email: 'ada@acme.test', password: 'correct horse battery', organizationName: 'Acme' }

beforeAll(async () => {
  data = await scratch()
  server = await startServer(settings({ data: data.path, port: 0, web: false }))
  behindProxy = await startServer(
    settings({
      data: data.path,
      port: 0,
      web: false,
      databaseUrl: server.databaseUrl,
      trustedProxies: ['127.0.0.1', '::1'],
    }),
  )
  database = new pg.Pool({ connectionString: server.databaseUrl })
})

afterAll(async () => {
  await database.end()
  await behindProxy.close()
  await server.close()
  await data[Symbol.asyncDispose]()
})

const swn = `swn_${'0'.repeat(64)}`
const swj = `swj_${'0'.repeat(43)}`

test.each([
  { door: 'enrol', token: swj, body: 'spanwire enrol 1\n', status: 400, code: 'malformed' },
  { door: 'step', token: swj, body: 'nonsense', status: 400, code: 'malformed' },
  { door: 'sync', token: 'Bearer of bad news', body: 'spanwire report 1\n', status: 401, code: 'unknown' },
  { door: 'sync', token: swn, body: 'spanwire report 1\n', status: 400, code: 'malformed' },
  { door: 'enrol', token: swj, body: 'x'.repeat(1_100_000), status: 413, code: 'too-large' },
  { door: 'step', token: swj, body: 'x'.repeat(1_100_000), status: 413, code: 'too-large' },
  { door: 'sync', token: swn, body: 'x'.repeat(4_300_000), status: 413, code: 'too-large' },
])('$door refuses in the protocol’s form: $status $code', async ({ door, token, body, status, code }) => {
  const answer = await fetch(`${server.url}/node/v1/${door}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  })
  const text = await answer.text()
  expect({ status: answer.status, first: text.split('\n')[0] }).toEqual({ status, first: `error ${code}` })
  expect(text.split('\n')[1]).toMatch(/\w/)
  expect(answer.headers.get('spanwire-protocol')).toBe('1')
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(text))
})

test('/join is the script, told where it came from, with its length', async () => {
  const answer = await fetch(`${server.url}/join`)
  const text = await answer.text()
  expect(answer.headers.get('content-type')).toMatch(/^text\/x-shellscript/)
  expect(Number(answer.headers.get('content-length'))).toBe(Buffer.byteLength(text))
  expect(text).toContain(`\nSERVER_URL='${server.url}'\n`)
  expect(text.trimEnd().split('\n').at(-1)).toBe('main "$@"')
})

test('a hundred wrong tokens from one address make it wait, whatever it says to be forwarded for', async () => {
  const answers = await inTurns(101, wrongTokens(server.url))
  expect(answers.filter(({ status }) => status === 401 || status === 403)).toHaveLength(100)
  const last = answers.at(-1)
  expect(last?.status).toBe(429)
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await last?.text()).toMatch(/^error slow-down\ntoo many wrong tokens came from (127\.0\.0\.1|::1);/)
})

test('behind a trusted proxy each of those addresses counts for itself', async () => {
  const answers = await inTurns(101, wrongTokens(behindProxy.url))
  expect(answers.map(({ status }) => status)).not.toContain(429)
})

test('the first account is made once; its session ends with the role that it began with', async () => {
  const made = await mutate('setup.createOwner', owner)
  expect(made.status).toBe(200)
  expect((await mutate('setup.createOwner', { ...owner, email: 'eve@acme.test' })).status).toBe(409)
  const cookie = await sessionCookie(owner.email)
  expect(await (await me(cookie)).json()).toMatchObject({
    result: { data: { role: 'owner', user: { email: owner.email } } },
  })
  await database.query("UPDATE memberships SET role = 'viewer'")
  expect((await me(cookie)).status).toBe(401)
  const again = await sessionCookie(owner.email)
  expect(await (await me(again)).json()).toMatchObject({ result: { data: { role: 'viewer' } } })
  await database.query("UPDATE memberships SET role = 'owner'")
  expect((await me('next-auth.session-token=garbage')).status).toBe(401)
  expect((await me(cookie.replace('next-auth', '__Secure-next-auth'))).status).toBe(401)
})

test('a change that another site makes a browser send is refused, with or without a session', async () => {
  const cookie = await sessionCookie(owner.email)
  const input = { name: 'home', cidr4: '10.99.0.0/16' }
  const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  expect((await mutate('network.create', input, { ...evil, cookie })).status).toBe(403)
  expect((await mutate('network.create', input, { cookie })).status).toBe(403)
  expect((await mutate('setup.createOwner', owner, evil)).status).toBe(403)
  expect(await count('networks')).toBe(0)
  const own = { origin: server.url, 'sec-fetch-site': 'same-origin', cookie }
  expect((await mutate('network.create', input, own)).status).toBe(200)
  expect(await count('networks')).toBe(1)
})

test('the command line makes a key beside the running server; scripts and Prometheus use it', async () => {
  const { code, output } = await run('admin', { SPANWIRE_DATA: data.path }, [
    'make-api-key',
    '--name',
    'prometheus',
    '--role',
    'viewer',
    '--expires-days',
    '1',
  ]).ended
  expect(code).toBe(0)
  const key = output.trim()
  expect(key).toMatch(/^swk_[A-Za-z0-9_-]{43}$/)
  const withKey = (authorization: string) => ({ headers: { authorization, 'x-forwarded-for': '198.51.100.7' } })

  const mine = await fetch(`${server.url}/api/v1/me`, withKey(`Bearer ${key}`))
  expect(await mine.json()).toMatchObject({ role: 'viewer', organization: { name: 'Acme' } })
  expect((await fetch(`${server.url}/api/v1/me`, withKey(`Bearer swk_${'A'.repeat(43)}`))).status).toBe(401)
  const cookie = await sessionCookie(owner.email)
  expect((await fetch(`${server.url}/api/v1/me`, { headers: { cookie } })).status).toBe(401)

  // An untrusted proxy on this machine asks for somebody else: loopback alone does not open the door.
  expect((await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '198.51.100.7' } })).status).toBe(401)
  expect((await fetch(`${server.url}/metrics`, withKey(`Bearer ${key}`))).status).toBe(200)
  const text = await (await fetch(`${server.url}/metrics`)).text()
  for (const name of [
    'spanwire_nodes{reporting="yes"} 0',
    'spanwire_sync_held 0',
    'spanwire_sync_total',
    'spanwire_bundle_bytes_total',
  ])
    expect(text).toContain(name)
})

test('every answer to a browser forbids sniffing, framing and leaking its address', async () => {
  const { headers } = await fetch(`${server.url}/healthz`)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('same-origin')
})

test('hints come as server-sent events', async () => {
  const cookie = await sessionCookie(owner.email)
  const gone = new AbortController()
  const answer = await fetch(`${server.url}/trpc/live.hints?input=%7B%7D`, { headers: { cookie }, signal: gone.signal })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  await reader?.read()
  const change = mutate('network.create', { name: 'second', cidr4: '10.98.0.0/16' }, { origin: server.url, cookie })
  let heard = ''
  while (!/"kind":"(network|activity)"/.test(heard)) heard += (await reader?.read())?.value ?? ''
  expect((await change).status).toBe(200)
  gone.abort()
})

test('a node waits at its door; one that hangs up is forgotten, and a server that closes sends the others home', async () => {
  const node = await enrolled()
  const hungUp = new AbortController()
  const first = sync(server, node, hungUp.signal)
  await until(async () => (await held()) === 1)
  hungUp.abort()
  await expect(first).rejects.toThrow(/abort/)
  await until(async () => (await held()) === 0)

  const other = await startServer(
    settings({ data: data.path, port: 0, web: false, databaseUrl: server.databaseUrl, url: server.url }),
  )
  const second = sync(other, node)
  await until(async () => (await held(other)) === 1)
  const closed = other.close()
  const answer = await second
  expect(answer.status).toBe(204)
  expect(answer.headers.get('spanwire-protocol')).toBe('1')
  await closed
})

/** An invited gateway of a network of its own, and what it holds once it has its first bundle. */
async function enrolled() {
  const node = testNode()
  const [network, invited] = [randomUUID(), randomUUID()]
  const token = makeToken('swj', randomBytes)
  await database.query(
    `INSERT INTO networks (id, organization_id, name, cidr4, cidr6)
     SELECT $1, id, 'waiting', '10.97.0.0/16', 'fd12:3456:789a::/48' FROM organizations LIMIT 1`,
    [network],
  )
  await database.query(
    `INSERT INTO nodes (id, network_id, name, role, state, endpoint, created_by)
     VALUES ($1, $2, 'gate', 'gateway', 'invited', '203.0.113.7:51820', 'test')`,
    [invited, network],
  )
  await database.query(
    `INSERT INTO join_tokens (id, network_id, kind, node_id, hash, max_uses, expires_at, created_by)
     VALUES ($1, $2, 'invitation', $3, $4, 1, now() + interval '15 minutes', 'test')`,
    [randomUUID(), network, invited, Buffer.from(hashToken(token))],
  )
  // Through the second server: at the first, this address has just tried a hundred wrong tokens.
  const answer = await fetch(`${behindProxy.url}/node/v1/enrol`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: enrolText(node, 'gate'),
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/x-tar')
  const body = new Uint8Array(await answer.arrayBuffer())
  expect(Number(answer.headers.get('content-length'))).toBe(body.length)
  let confirmed = await confirmedBy({ status: 200, headers: {}, body })
  // The second server has another address, which the first one corrects with a bundle of its own.
  for (;;) {
    const next = await sync(server, { ...node, confirmed }, undefined, 0)
    if (next.status === 204) return { ...node, confirmed }
    confirmed = await confirmedBy({ status: 200, headers: {}, body: new Uint8Array(await next.arrayBuffer()) })
  }
}

type Holding = Awaited<ReturnType<typeof enrolled>>

function sync(at: RunningServer, node: Holding, signal?: AbortSignal, holdSeconds = 20): Promise<Response> {
  return fetch(`http://localhost:${at.port}/node/v1/sync?hold=${holdSeconds}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${node.credential}` },
    body: reportText(node, node.confirmed),
    signal,
  })
}

async function held(at: RunningServer = server): Promise<number> {
  const text = await (await fetch(`http://localhost:${at.port}/metrics`)).text()
  return Number(/^spanwire_sync_held (\d+)$/m.exec(text)?.[1])
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 50) {
    if (waited > 60_000) throw new Error('it did not happen within 60 s')
    await sleep(50)
  }
}

async function sessionCookie(email: string): Promise<string> {
  const { sessionSubject } = await import('@spanwire/control/session/session-subject')
  const { rows } = await database.query(
    'SELECT id, password_hash AS "passwordHash", m.role FROM users JOIN memberships m ON m.user_id = id WHERE email = $1',
    [email],
  )
  const secret = (await readFile(join(data.path, 'secret'), 'utf8')).trim()
  return `next-auth.session-token=${await encode({ token: { sub: sessionSubject(rows[0], rows[0].role) }, secret })}`
}

function mutate(path: string, input: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })
}

const me = (cookie: string) => fetch(`${server.url}/trpc/me.get?input=%7B%7D`, { headers: { cookie } })

async function count(table: string): Promise<number> {
  const { rows } = await database.query(`SELECT count(*)::int AS n FROM ${table}`)
  return rows[0].n
}

/** Ten at a time, in order. */
async function inTurns(times: number, ask: (n: number) => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = []
  while (answers.length < times)
    answers.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(10, times - answers.length) }, (_, n) => ask(answers.length + n)),
      )),
    )
  return answers
}

/** Each one new, and said to be forwarded for another address. */
const wrongTokens = (url: string) => (n: number) =>
  fetch(`${url}/node/v1/enrol`, {
    method: 'POST',
    headers: {
      authorization: `Bearer swj_${randomBytes(32).toString('base64url')}`,
      'x-forwarded-for': `198.51.100.${n % 250}`,
    },
    body: enrolText(testNode()),
  })
