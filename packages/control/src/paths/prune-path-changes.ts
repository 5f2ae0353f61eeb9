import type { Db } from '../db.ts'

const KEPT_DAYS = 30
/** Of a node: one that changes its ways every few seconds fills these and no more. */
const MOST_OF_A_NODE = 5_000

/** The history of ways as long as it is told. Of several processes each may do it: there is nothing to lose. */
export async function prunePathChanges(db: Db, now: Date, most = MOST_OF_A_NODE): Promise<void> {
  await db.pool.query('DELETE FROM path_changes WHERE at < $1', [new Date(now.getTime() - KEPT_DAYS * 86_400_000)])
  await db.pool.query(
    `DELETE FROM path_changes WHERE id IN (
       SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY node_id ORDER BY at DESC, id DESC) place FROM path_changes) numbered
        WHERE place > $1)`,
    [most],
  )
}
