// The embedded PostgreSQL: a real one, on a port of loopback that changes with each start, with a random password, under
// DATA/postgres. It is a process group of its own, so that Ctrl-C reaches the server alone, which then stops it in its turn.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { environmentOfChild } from '../env.ts'
import { keepPrivate } from '../keep-private.ts'
import { Stop } from '../stop.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { lockCluster } from './cluster-lock.ts'
import { endOrphan } from './end-orphan.ts'
import { type RunAs, runAs } from './run-as.ts'

export type Postgres = { url: string; close(): Promise<void> }

const database = 'spanwire'

/** Starts what DATA holds, makes it where there is none. What a killed server left behind is recovered. */
export async function startPostgres(data: string, tell: (line: string) => void): Promise<Postgres> {
  const binaries = await findBinaries()
  const lock = await lockCluster(data)
  try {
    const cluster = join(data, 'postgres')
    const how = await runAs(cluster, data, binaries.postgres)
    const password = await clusterPassword(data)
    await removeFragment(data)
    if (!(await exists(cluster))) {
      tell('making the database')
      await makeCluster(data, cluster, binaries, how, password)
    }
    await checkVersion(cluster)
    await endOrphan(cluster)
    const running = await run(data, cluster, binaries, how, password, tell)
    await lock.announce(running.url)
    return {
      url: running.url,
      async close() {
        await running.stop()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function clusterPassword(data: string): Promise<string> {
  const path = join(data, 'postgres-password')
  await keepPrivate(path, randomBytes(24).toString('base64url'))
  return (await readFile(path, 'utf8')).trim()
}

function fragment(data: string): string {
  return join(data, 'postgres.making')
}

/** An initdb that was cut short. */
async function removeFragment(data: string): Promise<void> {
  await rm(fragment(data), { recursive: true, force: true })
}

/** In a directory beside, then renamed: a cluster is there whole or not at all. */
async function makeCluster(data: string, cluster: string, binaries: Binaries, how: RunAs, password: string) {
  const making = fragment(data)
  await mkdir(making, { mode: 0o700 })
  const passwordFile = join(making, 'password')
  const directory = join(making, 'cluster')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  await mkdir(directory, { mode: 0o700 })
  if (how.uid !== undefined && how.gid !== undefined)
    for (const path of [passwordFile, directory, making]) await chown(path, how.uid, how.gid)
  await Promise.all(
    [chmod(binaries.initdb, 0o755), chmod(binaries.postgres, 0o755)].map((done) => done.catch(() => {})),
  )
  const made = await output(how, binaries.initdb, [
    `--pgdata=${directory}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The order of text must not change with the machine's C library.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ])
  if (made.code !== 0) {
    await removeFragment(data)
    throw new Stop(`The database cannot be made in ${cluster}: ${lastWords(made.text)}`)
  }
  await rename(directory, cluster)
  await removeFragment(data)
}

async function checkVersion(cluster: string): Promise<void> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null)
  const what = version === null ? 'is no PostgreSQL database' : `was made by PostgreSQL ${version.trim()}, not ${major}`
  if (version?.trim() !== major)
    throw new Stop(`${cluster} ${what}: restore it from a backup, or name another directory with SPANWIRE_DATA.`)
}
const major = '18'

type Running = { url: string; stop(): Promise<void> }

async function run(
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

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function output(how: RunAs, program: string, args: string[]): Promise<{ code: number | null; text: string }> {
  const [first = '', ...rest] = [...how.prefix, program, ...args]
  const child = spawn(first, rest, {
    env: environmentOfChild(),
    uid: how.uid,
    gid: how.gid,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  child.stderr.on('data', (chunk) => (text += chunk))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })
}

/** The sentence of PostgreSQL's log that says why. */
function lastWords(log: string): string {
  const lines = log.split('\n').filter(Boolean)
  const line = lines.findLast((one) => /FATAL|PANIC|error:/.test(one)) ?? lines.at(-1) ?? 'it said nothing'
  return `${line.replace(/^.*?(FATAL|PANIC|error):\s*/, '').trim()}.`
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
