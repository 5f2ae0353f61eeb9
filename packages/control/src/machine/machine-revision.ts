import type { Hint } from '../hints.ts'
import type { Sql } from './sql.ts'

/** Each change that a node could see gets a number of its own; whoever listens hears of it when the transaction commits. */
export async function bumpRevision(sql: Sql, networkId: string): Promise<number> {
  const [row] = await sql.query<{ revision: string; organization_id: string }>(
    'UPDATE networks SET revision = revision + 1 WHERE id = $1 RETURNING revision, organization_id',
    [networkId],
  )
  if (!row) throw new Error(`network ${networkId} is locked by us and gone`)
  await notifyInSql(sql, { kind: 'network', network: networkId, organization: row.organization_id })
  return Number(row.revision)
}

/** A hint that is heard when the transaction commits, and not before. */
export async function notifyInSql(sql: Sql, hint: Hint): Promise<void> {
  await sql.query("SELECT pg_notify('spanwire', $1)", [JSON.stringify(hint)])
}
