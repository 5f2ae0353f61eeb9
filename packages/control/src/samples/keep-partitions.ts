import type { Sql } from '../machine/sql.ts'
import { DAY_MS, partitionName, startOfDay } from './days.ts'

/** Enough for a server that sleeps over a long weekend's worth of job failures. */
const DAYS_AHEAD = 3
/** Raw samples are kept for a day after the day they are of. */
const KEPT_MS = DAY_MS

/** Makes the days to come and drops those whose last sample is over 24 h old. Called under the lock of the sample jobs. */
export async function keepPartitions(sql: Sql, now: Date): Promise<void> {
  const today = startOfDay(now).getTime()
  const existing = new Set(await readPartitions(sql))
  for (let n = -1; n <= DAYS_AHEAD; n++) {
    const day = new Date(today + n * DAY_MS)
    if (existing.has(partitionName(day))) continue
    const next = new Date(day.getTime() + DAY_MS)
    // Names and bounds are made of dates here; DDL takes no parameters.
    await sql.query(
      `CREATE TABLE ${partitionName(day)} PARTITION OF samples FOR VALUES FROM ('${day.toISOString()}') TO ('${next.toISOString()}')`,
    )
  }
  const oldest = partitionName(startOfDay(new Date(now.getTime() - KEPT_MS)))
  for (const name of existing) if (name < oldest) await sql.query(`DROP TABLE ${name}`)
}

export async function readPartitions(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'samples'::regclass AND c.relname ~ '^samples_[0-9]{8}$'`,
  )
  return rows.map(({ name }) => name)
}
