import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { environmentOfChild } from '../env.ts'
import { freePort } from '../free-port.ts'
import { Stop } from '../stop.ts'
import type { Binaries } from './binaries.ts'
import { lastWords } from './last-words.ts'
import type { RunAs } from './run-as.ts'

const database = 'spanwire'

type Running = { url: string; stop(): Promise<void> }

/** Started, and started again when somebody ends it; `url` is of the database in it, which is made if need be. */
export async function runCluster(
  data: string,
  cluster: string,
  binaries: Binaries,
  how: RunAs,
  password: string,
  tell: (line: string) => void,
): Promise<Running> {
  const port = await freePort()
  const url = (name: string) => `postgresql://postgres:${password}@127.0.0.1:${port}/${name}`
  const logPath = join(data, 'postgres.log')
  const spawnOnce = async () => {
    const log = await open(logPath, 'w', 0o600)
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      // A socket's path is limited to 107 bytes, a data directory's is not.
      'unix_socket_directories=',
      'max_connections=100',
      'log_timezone=UTC',
      'timezone=UTC',
    ]
    const args = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])]
    const [program = '', ...rest] = [...how.prefix, binaries.postgres, ...args]
    const child = spawn(program, rest, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: environmentOfChild(),
      uid: how.uid,
      gid: how.gid,
    })
    child.on('error', () => {})
    child.unref()
    await log.close()
    return child
  }

  let child = await spawnOnce()
  let stopping = false
  const ready = await answers(child, url('postgres'))
  if (!ready) {
    await end(child)
    const words = lastWords(await readFile(logPath, 'utf8').catch(() => ''))
    throw new Stop(
      `The database in ${cluster} does not start: ${words} Restore it from a backup, or name another directory with SPANWIRE_DATA. Its log is ${logPath}.`,
    )
  }
  await makeDatabase(url('postgres'))

  // Somebody ended PostgreSQL under us (out of memory, a mistaken kill): the same cluster on the same port, so that the pool finds it.
  const watch = () => {
    child.once('exit', async () => {
      if (stopping) return
      tell('the database has ended by itself and is started again')
      await sleep(1000)
      if (stopping) return
      child = await spawnOnce()
      watch()
    })
  }
  watch()

  return {
    url: url(database),
    async stop() {
      stopping = true
      await end(child)
    },
  }
}

/** True once it takes a query. Recovery after a crash may take minutes; what has exited will never answer. */
async function answers(child: ChildProcess, url: string): Promise<boolean> {
  const until = Date.now() + 300_000
  while (Date.now() < until && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
      return true
    } catch {
      await sleep(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return false
}

async function makeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
}

/** Fast shutdown first (SIGINT: sessions are cut, everything is written), then immediate (SIGQUIT: recovery at the next start). */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.ref()
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (const [signal, milliseconds] of [
    ['SIGINT', 8000],
    ['SIGQUIT', 4000],
    ['SIGKILL', 4000],
  ] as const) {
    child.kill(signal)
    if (await Promise.race([gone.then(() => true), sleep(milliseconds, false, { ref: false })])) return
  }
}
