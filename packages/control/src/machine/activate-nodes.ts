import type { Sql } from './sql.ts'

/** A gateway is at work once its interface is up; a member once it was reached through the tunnel. */
export async function activateNodes(sql: Sql, proved: readonly { nodeId: string; step: string }[]): Promise<void> {
  const of = (steps: readonly string[]) => proved.filter(({ step }) => steps.includes(step)).map(({ nodeId }) => nodeId)
  if (proved.length === 0) return
  // No revision of its own: enrolled and active are the same to every machine.
  await sql.query(
    `UPDATE nodes SET state = 'active', changed_revision = networks.revision
       FROM networks
      WHERE networks.id = nodes.network_id AND nodes.state = 'enrolled'
        AND (nodes.id = ANY($1::uuid[]) OR (nodes.role = 'gateway' AND nodes.id = ANY($2::uuid[])))`,
    [of(['reachable']), of(['interface'])],
  )
}
