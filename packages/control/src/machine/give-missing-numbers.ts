import type { Sql } from './sql.ts'

/**
 * Gateways of networks from before several could carry together have no numbers, and go on as they were until something asks for more: from
 * then on they have. The network is locked, and its revision is bumped after this.
 */
export async function giveMissingNumbers(sql: Sql, networkId: string): Promise<void> {
  await sql.query(
    `UPDATE nodes n SET gateway_number = free.number, changed_revision = free.revision + 1
       FROM (SELECT id, row_number() OVER (ORDER BY ordinal) place FROM nodes
              WHERE network_id = $1::uuid AND role = 'gateway' AND ordinal IS NOT NULL AND gateway_number IS NULL) missing
       JOIN (SELECT i number, row_number() OVER (ORDER BY i) place, w.revision
               FROM networks w, generate_series(1, 240) i
              WHERE w.id = $1::uuid
                AND NOT EXISTS (SELECT 1 FROM nodes o WHERE o.network_id = w.id AND o.gateway_number = i)) free
         ON free.place = missing.place
      WHERE n.id = missing.id`,
    [networkId],
  )
}
