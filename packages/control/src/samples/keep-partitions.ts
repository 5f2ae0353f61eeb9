import type { Sql } from '../machine/sql.ts'
import { LEVELS, type Level } from './levels.ts'

/** A server that was down has its partitions before it needs them, and one whose job fails has some days to notice. */
const PARTITIONS_AHEAD = 3

/** Makes the partitions to come and drops those whose last sample is too old. Called under the lock of the sample jobs. */
export async function keepPartitions(sql: Sql, now: Date): Promise<void> {
  for (const level of LEVELS) {
    const existing = new Set(await readPartitions(sql, level))
    const current = Math.floor(now.getTime() / level.partitionMs)
    for (let n = current - 1; n <= current + PARTITIONS_AHEAD; n++) {
      if (!existing.has(nameOf(level, n))) await makePartition(sql, level, n)
    }
    const oldest = nameOf(level, Math.floor((now.getTime() - level.keptMs) / level.partitionMs))
    for (const name of existing) if (name < oldest) await sql.query(`DROP TABLE ${name}`)
    // What came in before the first partition was made, and is not part of any since.
    await sql.query(`DELETE FROM ${level.table}_default WHERE at < $1`, [new Date(now.getTime() - level.keptMs)])
  }
}

/** DDL takes no parameters: names and bounds are made of numbers here. */
async function makePartition(sql: Sql, level: Level, n: number): Promise<void> {
  const name = nameOf(level, n)
  // Whoever writes waits here, not half way to the default partition, which is about to refuse it.
  await sql.query(`LOCK TABLE ${level.table} IN SHARE ROW EXCLUSIVE MODE`)
  const [from, to] = [n, n + 1].map((bound) => new Date(bound * level.partitionMs).toISOString())
  await sql.query(`CREATE TABLE ${name} (LIKE ${level.table} INCLUDING ALL)`)
  // A default partition that holds rows of a range refuses to have it taken away.
  await sql.query(
    `WITH moved AS (DELETE FROM ${level.table}_default WHERE at >= '${from}' AND at < '${to}' RETURNING *)
     INSERT INTO ${name} SELECT * FROM moved`,
  )
  await sql.query(`ALTER TABLE ${level.table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`)
}

/** `samples_20261121`, the day it begins: names sort by time. */
const nameOf = (level: Level, n: number): string =>
  `${level.table}_${new Date(n * level.partitionMs).toISOString().slice(0, 10).replaceAll('-', '')}`

export async function readPartitions(sql: Sql, level: Level): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = $1::regclass AND c.relname ~ ('^' || $1 || '_[0-9]{8}$') ORDER BY 1`,
    [level.table],
  )
  return rows.map(({ name }) => name)
}
