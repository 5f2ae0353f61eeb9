/**
 * What machines tell of themselves, kept as they told it. What cannot be read is refused alone: the rest of its report counts, and
 * what the machine told before stays.
 */
import type { PreflightBlock } from '@spanwire/mesh/protocol/read-preflight-block'
import type { Sql } from '../machine/sql.ts'

export type PreflightRow = {
  readonly nodeId: string
  readonly networkId: string
  readonly at: Date
  readonly block: PreflightBlock
  /** of the machine's tunnel */
  readonly listenPort: number | null
}

/** The networks in which a machine is other than it was. A node that was removed meanwhile is skipped. */
export async function writePreflights(sql: Sql, rows: readonly PreflightRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set()
  const changed = await sql.query<{ nodeId: string }>(
    `WITH told AS (
       SELECT u.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[])
           AS u(node_id, facts, fault, listen_port, at) JOIN nodes n ON n.id = u.node_id),
     kept AS (
       INSERT INTO preflights AS p (node_id, facts, facts_at, listen_port, fault, fault_at)
       SELECT node_id, facts, CASE WHEN facts IS NOT NULL THEN at END, listen_port, fault, CASE WHEN fault IS NOT NULL THEN at END
         FROM told ORDER BY node_id
       ON CONFLICT (node_id) DO UPDATE
          SET facts = coalesce(excluded.facts, p.facts), facts_at = coalesce(excluded.facts_at, p.facts_at),
              listen_port = coalesce(excluded.listen_port, p.listen_port), fault = excluded.fault, fault_at = excluded.fault_at
        WHERE coalesce(greatest(p.facts_at, p.fault_at), '-infinity') <= coalesce(excluded.facts_at, excluded.fault_at))
     -- Both parts see the rows as they were before.
     SELECT told.node_id AS "nodeId" FROM told LEFT JOIN preflights b ON b.node_id = told.node_id
      WHERE b.facts IS DISTINCT FROM coalesce(told.facts, b.facts) OR b.fault IS DISTINCT FROM told.fault`,
    [
      rows.map(({ nodeId }) => nodeId),
      rows.map(({ block }) => (block.fault === null ? block.text : null)),
      rows.map(({ block }) => block.fault),
      rows.map(({ listenPort }) => listenPort),
      rows.map(({ at }) => at),
    ],
  )
  const ids = new Set(changed.map(({ nodeId }) => nodeId))
  return new Set(rows.filter(({ nodeId }) => ids.has(nodeId)).map(({ networkId }) => networkId))
}
