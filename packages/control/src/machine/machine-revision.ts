import type { Hint } from '../hints.ts'
import type { Sql } from './sql.ts'

/** Each change that a node could see gets a number of its own; whoever listens hears of it when the transaction commits. */
export async function bumpRevision(sql: Sql, networkId: string): Promise<number> {
  // One statement, since whoever enrols next waits for the end of this transaction.
  const [row] = await sql.query<{ revision: string }>(
    `WITH bumped AS (UPDATE networks SET revision = revision + 1 WHERE id = $1 RETURNING id, revision, organization_id)
     SELECT revision, pg_notify('spanwire', ${HINT}) FROM bumped`,
    [networkId],
  )
  if (!row) throw new Error(`network ${networkId} is locked by us and gone`)
  return Number(row.revision)
}

const HINT = `json_build_object('kind', 'network', 'network', id, 'organization', organization_id)::text`

/** A hint that is heard when the transaction commits, and not before. */
export async function notifyInSql(sql: Sql, hint: Hint): Promise<void> {
  await sql.query("SELECT pg_notify('spanwire', $1)", [JSON.stringify(hint)])
}
