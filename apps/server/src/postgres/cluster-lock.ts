// Who runs the embedded PostgreSQL of a data directory. The file also tells the admin command where that PostgreSQL listens.
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepPrivate } from '../keep-private.ts'
import { Stop } from '../stop.ts'
import { processBirth } from './process-birth.ts'

export type Holder = { pid: number; birth: string; databaseUrl: string | null }

export type ClusterLock = { announce(databaseUrl: string): Promise<void>; release(): Promise<void> }

/** One server a data directory. A holder that was killed does not count. */
export async function lockCluster(data: string): Promise<ClusterLock> {
  const path = lockPath(data)
  const holder: Holder = { pid: process.pid, birth: (await processBirth(process.pid)) ?? 'alive', databaseUrl: null }
  for (let attempt = 0; ; attempt++) {
    if (await keepPrivate(path, JSON.stringify(holder))) break
    const other = await livingHolder(data)
    if (other || attempt > 5)
      throw new Stop(
        `${data} is in use by another Spanwire server (process ${other?.pid ?? 'unknown'}): stop that one, or name another directory with SPANWIRE_DATA.`,
      )
    await removeStale(path)
  }
  return {
    async announce(databaseUrl) {
      const draft = `${path}.${randomUUID()}`
      await writeFile(draft, JSON.stringify({ ...holder, databaseUrl }), { mode: 0o600 })
      await rename(draft, path)
    },
    release: () => rm(path, { force: true }),
  }
}

/** The process that holds the directory, if it lives. */
export async function livingHolder(data: string): Promise<Holder | null> {
  const holder = await readHolder(lockPath(data))
  return holder && (await processBirth(holder.pid)) === holder.birth ? holder : null
}

/** Moves the file away first and looks at what it got: between reading and removing, another start may have taken the lock. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  const holder = await readHolder(aside)
  if (holder && (await processBirth(holder.pid)) === holder.birth) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch {
    return null
  }
}

function lockPath(data: string): string {
  return join(data, 'server.json')
}
