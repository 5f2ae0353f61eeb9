import type { Db } from '../db.ts'
import { isDatabaseAway } from '../is-database-away.ts'
import { inSqlTransaction } from '../machine/sql.ts'
import { keepPartitions } from './keep-partitions.ts'
import { rollUp } from './roll-up.ts'

const EVERY_MS = 60_000

/** In every server process; one at a time does the work. */
export async function runSampleJobs(db: Db, now: Date): Promise<void> {
  await inSqlTransaction(db.pool, async (sql) => {
    const [lock] = await sql.query<{ held: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtext('spanwire samples')) AS held",
    )
    if (!lock?.held) return
    await keepPartitions(sql, now)
    await rollUp(sql, now)
  })
}

export function startSampleJobs(db: Db, now: () => Date): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = runSampleJobs(db, now()).catch((error: unknown) => {
      if (!isDatabaseAway(error)) console.error('spanwire: samples could not be rolled up', error)
    })
  }
  run()
  const timer = setInterval(run, EVERY_MS)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
