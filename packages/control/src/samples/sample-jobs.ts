import type { Db } from '../db.ts'
import { inSqlTransaction } from '../machine/sql.ts'
import { keepPartitions } from './keep-partitions.ts'
import { rollUp } from './roll-up.ts'

/** Once a minute, by a job of the server; of several at one time one does the work. */
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
