import type { KeysReport } from '@spanwire/mesh/protocol/parse-keys'
import type { Sql } from '../machine/sql.ts'

export type KeysRow = {
  readonly nodeId: string
  readonly networkId: string
  readonly at: Date
  readonly keys: KeysReport
}

/** Answers the networks in which something new was said; what is known already is not written again. */
export async function writeKeyReports(sql: Sql, rows: readonly KeysRow[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set()
  const column = <T>(pick: (row: KeysRow) => T): T[] => rows.map(pick)
  const written = await sql.query<{ network_id: string }>(
    `INSERT INTO key_reports AS r (node_id, said_at, rotation_id, state, why, next_key, next_direct_key, staged)
     SELECT u.node_id, u.at, u.rotation_id, u.state, u.why, u.next_key, u.next_direct_key, string_to_array(u.staged, ' ')
       FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         AS u(node_id, at, rotation_id, state, why, next_key, next_direct_key, staged)
       JOIN nodes n ON n.id = u.node_id
      ORDER BY u.node_id
     ON CONFLICT (node_id) DO UPDATE
        SET said_at = excluded.said_at, rotation_id = excluded.rotation_id, state = excluded.state, why = excluded.why,
            next_key = excluded.next_key, next_direct_key = excluded.next_direct_key, staged = excluded.staged
      WHERE r.said_at <= excluded.said_at
        AND (r.rotation_id, r.state, r.why, r.next_key, r.next_direct_key, r.staged) IS DISTINCT FROM
            (excluded.rotation_id, excluded.state, excluded.why, excluded.next_key, excluded.next_direct_key, excluded.staged)
     RETURNING (SELECT network_id FROM nodes WHERE nodes.id = r.node_id) network_id`,
    [
      column(({ nodeId }) => nodeId),
      column(({ at }) => at),
      column(({ keys }) => keys.own?.id ?? null),
      column(({ keys }) => keys.own?.state ?? null),
      column(({ keys }) => keys.own?.why ?? null),
      column(({ keys }) => keys.own?.nextKey ?? null),
      column(({ keys }) => keys.own?.nextDirectKey ?? null),
      column(({ keys }) => keys.staged.join(' ')),
    ],
  )
  return new Set(written.map(({ network_id }) => network_id))
}
