/**
 *   samples     as reported    24 h
 *   samples_5m  means of 5 min  30 d
 *   samples_1h  means of 1 h    a year
 *
 * A bin is made again until its time and a little more have passed, so late samples and a server that was down lose nothing.
 */
import type { Sql } from '../machine/sql.ts'
import { DAY_MS } from './days.ts'

const LEVELS = [
  { from: 'samples', to: 'samples_5m', minutes: 5, sourceMs: DAY_MS, keptMs: 30 * DAY_MS },
  { from: 'samples_5m', to: 'samples_1h', minutes: 60, sourceMs: 30 * DAY_MS, keptMs: 365 * DAY_MS },
] as const

export async function rollUp(sql: Sql, now: Date): Promise<void> {
  for (const { from, to, minutes, sourceMs, keptMs } of LEVELS) {
    const [newest] = await sql.query<{ at: Date | null }>(`SELECT max(at) AS at FROM ${to}`)
    const oldest = now.getTime() - sourceMs
    // Two bins back: the newest one was made while it was still open.
    const since = new Date(Math.max(oldest, (newest?.at?.getTime() ?? 0) - minutes * 60_000))
    await sql.query(
      `INSERT INTO ${to} (node_id, at, cpu, memory, disk, load1, rx, tx)
       SELECT node_id, date_bin('${minutes} minutes', at, 'epoch'), avg(cpu), avg(memory), avg(disk), avg(load1), avg(rx), avg(tx)
         FROM ${from}
        WHERE at >= date_bin('${minutes} minutes', $1::timestamptz, 'epoch') AND at < $2
        GROUP BY 1, 2
       ON CONFLICT (node_id, at) DO UPDATE
          SET cpu = excluded.cpu, memory = excluded.memory, disk = excluded.disk, load1 = excluded.load1, rx = excluded.rx,
              tx = excluded.tx`,
      [since, now],
    )
    await sql.query(`DELETE FROM ${to} WHERE at < $1`, [new Date(now.getTime() - keptMs)])
  }
}
