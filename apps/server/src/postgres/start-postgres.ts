// The embedded PostgreSQL: a real one, on a port of loopback that changes with each start, with a random password, under
// DATA/postgres. It is a process group of its own, so that Ctrl-C reaches the server alone, which then stops it in its turn.
import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { keepPrivate } from '../keep-private.ts'
import { Stop } from '../stop.ts'
import { findBinaries } from './binaries.ts'
import { lockCluster } from './cluster-lock.ts'
import { endOrphan } from './end-orphan.ts'
import { makeCluster, removeFragment } from './make-cluster.ts'
import { runAs } from './run-as.ts'
import { runCluster } from './run-cluster.ts'

export type Postgres = { url: string; close(): Promise<void> }

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
    const running = await runCluster(data, cluster, binaries, how, password, tell)
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

async function checkVersion(cluster: string): Promise<void> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null)
  const what = version === null ? 'is no PostgreSQL database' : `was made by PostgreSQL ${version.trim()}, not ${major}`
  if (version?.trim() !== major)
    throw new Stop(`${cluster} ${what}: restore it from a backup, or name another directory with SPANWIRE_DATA.`)
}
const major = '18'

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
