import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Stop } from '../stop.ts'
import { isAlive, processBirth } from './process-birth.ts'

/**
 * A server that was killed with -9 leaves its PostgreSQL running, and a machine that lost power leaves postmaster.pid. The
 * caller holds the directory's lock, so whatever runs here is nobody's: it is ended in order, and the file goes.
 */
export async function endOrphan(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return
  const pid = Number(text.split('\n')[0])
  if (Number.isInteger(pid) && pid > 1 && (await isPostgresOf(pid, cluster))) {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      if (isAlive(pid)) process.kill(pid, signal)
      for (let waited = 0; waited < 10_000 && (await processBirth(pid)) !== null; waited += 50) await sleep(50)
    }
    if ((await processBirth(pid)) !== null)
      throw new Stop(
        `A PostgreSQL of an earlier start still runs on ${cluster} (process ${pid}) and does not end: kill it.`,
      )
  }
  // The number may belong to somebody else by now, and PostgreSQL would then refuse to start.
  await rm(path, { force: true })
}

async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  if (line === null) return process.platform !== 'linux'
  const words = line.split('\0')
  return words.includes(cluster) && words.some((word) => word.endsWith('postgres'))
}
