import type { Db } from '../db.ts'

/** Hits make charts of a week; drops are told of a day. An hour more for who asks at the edge. */
const HITS_DAYS = 8
const DROPS_HOURS = 25

/** What is older than anybody is told goes. Of several processes each may do it: there is nothing to lose. */
export async function pruneCounters(db: Db, now: Date): Promise<void> {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  await db.pool.query('DELETE FROM policy_hits WHERE at < $1', [before(24 * HITS_DAYS)])
  await db.pool.query('DELETE FROM policy_drops WHERE at < $1', [before(DROPS_HOURS)])
}
