/**
 * Means of 5 minutes out of what was reported, means of an hour out of those. The newest bins are made again each time until they
 * are over, so late samples and a server that was down lose nothing.
 */
import type { Sql } from '../machine/sql.ts'
import { DAY_MS } from './levels.ts'

const STEPS = [
  { from: 'samples', to: 'samples_5m', minutes: 5, reachMs: DAY_MS },
  { from: 'samples_5m', to: 'samples_1h', minutes: 60, reachMs: 30 * DAY_MS },
] as const

export async function rollUp(sql: Sql, now: Date): Promise<void> {
  for (const { from, to, minutes, reachMs } of STEPS) {
    const [newest] = await sql.query<{ at: Date | null }>(`SELECT max(at) AS at FROM ${to} WHERE at <= $1`, [now])
    const oldest = now.getTime() - reachMs
    // One bin back: reports wait in memory while the database is away.
    const since = new Date(Math.max(oldest, (newest?.at?.getTime() ?? 0) - minutes * 60_000))
    await sql.query(
      `INSERT INTO ${to} (node_id, at, cpu, memory, disk, load1, rx, tx)
       SELECT node_id, date_bin('${minutes} minutes', at, 'epoch'), avg(cpu), avg(memory), avg(disk), avg(load1), avg(rx), avg(tx)
         FROM ${from}
        WHERE at >= date_bin('${minutes} minutes', $1::timestamptz, 'epoch') AND at <= $2
        GROUP BY 1, 2
       ON CONFLICT (node_id, at) DO UPDATE
          SET cpu = excluded.cpu, memory = excluded.memory, disk = excluded.disk, load1 = excluded.load1, rx = excluded.rx,
              tx = excluded.tx`,
      [since, now],
    )
  }
}
