// The server as a program: how it starts, refuses to start, ends, and is killed.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { settings } from './env.ts'
import { freePort } from './free-port.ts'
import { processBirth } from './postgres/process-birth.ts'
import { type Program, run, scratch, untilReady } from './server-process.ts'
import { startServer } from './start-server.ts'

const owner = { name: 'Ada', email: 'ada@acme.test', password: 'correct horse battery', organizationName: 'Acme' }

test('it starts, says where it is and where its data lies, ends in order, and a second start has the data', async () => {
  await using data = await scratch()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const first = run('main', { SPANWIRE_DATA: data.path, PORT: String(port) })
  await untilReady(first, url)
  expect(await setupNeeded(url)).toBe(true)
  expect((await createOwner(url)).status).toBe(200)
  const asked = Date.now()
  first.child.kill('SIGINT')
  const { code, output } = await first.ended
  expect(code).toBe(0)
  expect(Date.now() - asked).toBeLessThan(20_000)
  expect(output).toContain(`Spanwire is at ${url}`)
  expect(output).toContain(data.path)
  await expect(stat(join(data.path, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT')

  const second = run('main', { SPANWIRE_DATA: data.path, PORT: String(port) })
  await untilReady(second, url)
  expect(await setupNeeded(url)).toBe(false)
  second.child.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)
})

test('killed with -9 it leaves its PostgreSQL behind; the next start takes over and has lost nothing', async () => {
  await using data = await scratch()
  const port = await freePort()
  const url = `http://localhost:${port}`
  const first = run('main', { SPANWIRE_DATA: data.path, PORT: String(port) })
  await untilReady(first, url)
  await createOwner(url)
  first.child.kill('SIGKILL')
  await first.ended
  const orphan = await postmaster(data.path)
  expect(await isAlive(orphan)).toBe(true)

  const second = run('main', { SPANWIRE_DATA: data.path, PORT: String(port) })
  await untilReady(second, url)
  expect(await isAlive(orphan)).toBe(false)
  expect(await setupNeeded(url)).toBe(false)
  second.child.kill('SIGTERM')
  await second.ended
})

test('PostgreSQL killed under the server is started again, and the data is there', async () => {
  await using data = await scratch()
  const server = await startServer(settings({ data: data.path, port: 0, web: false }))
  await createOwner(server.url)
  const before = await postmaster(data.path)
  process.kill(before, 'SIGKILL')
  await until(async () => (await fetch(`${server.url}/readyz`)).status === 503)
  await until(async () => (await fetch(`${server.url}/readyz`)).status === 200)
  expect(await setupNeeded(server.url)).toBe(false)
  await server.close()
  expect(await isAlive(before)).toBe(false)
})

test('a port in use is one sentence, found before anything is made', async () => {
  await using data = await scratch()
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve))
  const { port } = other.address() as { port: number }
  const directory = join(data.path, 'not-yet')
  const said = await refused(run('main', { SPANWIRE_DATA: directory, PORT: String(port) }))
  expect(said).toBe(
    `Port ${port} is in use by another program: stop that one, or choose another port, for example PORT=${port + 1}.`,
  )
  await expect(stat(directory)).rejects.toThrow('ENOENT')
  other.close()
})

test('a data directory in use by another server is one sentence; the other goes on', async () => {
  await using data = await scratch()
  const server = await startServer(settings({ data: data.path, port: 0, web: false }))
  const said = await refused(run('main', { SPANWIRE_DATA: data.path, PORT: String(await freePort()) }))
  expect(said).toMatch(
    new RegExp(`^${data.path} is in use by another Spanwire server \\(process ${process.pid}\\): stop that one`),
  )
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await server.close()
})

test('each way in which DATABASE_URL can be wrong has its sentence, without the password', async () => {
  await using data = await scratch()
  const server = await startServer(settings({ data: data.path, port: 0, web: false }))
  const wrong = async (change: (url: URL) => void) => {
    const url = new URL(server.databaseUrl)
    change(url)
    const port = String(await freePort())
    return refused(run('main', { SPANWIRE_DATA: join(data.path, 'other'), DATABASE_URL: url.href, PORT: port }))
  }
  const closed = await freePort()
  expect(await wrong((url) => (url.port = String(closed)))).toMatch(
    /does not answer: start it, or correct host and port/,
  )
  expect(await wrong((url) => (url.password = 'hunter2'))).toMatch(/refuses this user or password/)
  expect(await wrong((url) => (url.pathname = '/nowhere'))).toMatch(/does not exist on that PostgreSQL/)
  expect(await wrong((url) => (url.hostname = 'nowhere.invalid'))).toMatch(/host whose name is not known/)
  expect(await wrong((url) => (url.password = 'hunter2'))).not.toMatch(/hunter2/)

  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  await client.query(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9999_later', now())",
  )
  await client.end()
  expect(await wrong(() => {})).toMatch(/used by a newer Spanwire/)
  await server.close()
})

test.each([
  { it: 'a file', make: (path: string) => writeFile(path, ''), says: /cannot be made/ },
  {
    it: 'a directory with something else in it',
    make: (path: string) => mkdir(join(path, 'postgres'), { recursive: true }),
    says: /is no PostgreSQL database: restore it from a backup, or name another directory/,
  },
])('a data directory that is $it is one sentence', async ({ make, says }) => {
  await using data = await scratch()
  const path = join(data.path, 'data')
  await make(path)
  expect(await refused(run('main', { SPANWIRE_DATA: path, PORT: String(await freePort()) }))).toMatch(says)
})

test('a damaged database is one sentence with PostgreSQL’s own reason', async () => {
  await using data = await scratch()
  const server = await startServer(settings({ data: data.path, port: 0, web: false }))
  await server.close()
  await writeFile(join(data.path, 'postgres/global/pg_control'), 'broken')
  const said = await refused(run('main', { SPANWIRE_DATA: data.path, PORT: String(await freePort()) }))
  expect(said).toMatch(/does not start: .*pg_control.* Restore it from a backup/)
})

test('--help prints the table of settings and starts nothing; an option that is not there is refused', async () => {
  await using data = await scratch()
  const env = { SPANWIRE_DATA: join(data.path, 'none') }
  const help = await run('main', env, ['--help']).ended
  expect(help.code).toBe(0)
  expect(help.output).toMatch(/SPANWIRE_TRUSTED_PROXIES .*forwarded headers/)
  await expect(stat(env.SPANWIRE_DATA)).rejects.toThrow('ENOENT')
  expect(await refused(run('main', env, ['--port']))).toMatch(/There is no option --port/)
})

test('a second Ctrl-C ends it at once, the two that npm makes of one do not', async () => {
  await using data = await scratch()
  const port = await freePort()
  const program = run('main', { SPANWIRE_DATA: data.path, PORT: String(port) })
  await untilReady(program, `http://localhost:${port}`)
  const stopped = await postmaster(data.path)
  // A PostgreSQL that does not end makes closing hang.
  process.kill(stopped, 'SIGSTOP')
  program.child.kill('SIGINT')
  program.child.kill('SIGINT')
  await sleep(700)
  expect(program.child.exitCode).toBeNull()
  program.child.kill('SIGINT')
  expect((await program.ended).code).toBe(130)
  process.kill(stopped, 'SIGCONT')
  await until(async () => !(await isAlive(stopped)))
})

const createOwner = (url: string) =>
  fetch(`${url}/trpc/setup.createOwner`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })

async function setupNeeded(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/trpc/setup.state?input=%7B%7D`)
  return ((await answer.json()) as { result: { data: { needed: boolean } } }).result.data.needed
}

/** What it says when it does not start: exit code 1, and nothing but the sentence. */
async function refused(program: Program): Promise<string> {
  const { code, errors } = await program.ended
  expect(code).toBe(1)
  expect(errors.trim().split('\n')).toHaveLength(1)
  return errors.trim()
}

async function postmaster(data: string): Promise<number> {
  return Number((await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0])
}

/** What has ended but was not yet reaped by init is not alive. */
const isAlive = async (pid: number) => (await processBirth(pid)) !== null

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds().catch(() => false)); waited += 50) {
    if (waited > 90_000) throw new Error('it did not happen within 90 s')
    await sleep(50)
  }
}
