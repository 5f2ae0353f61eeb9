/** What nodes are asked to do once, as rows that their next bundles carry; asked again only when the first time has ended. */
import { REQUESTS, type RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import type { MachineDeps } from '../machine/machine-deps.ts'
import type { Sql } from '../machine/sql.ts'
import { uuid7 } from '../machine/uuid7.ts'

export type Wish = {
  readonly nodeId: string
  readonly kind: RequestKind
  readonly args: readonly string[]
  /** The node that it is done for, when another. */
  readonly forNodeId: string | null
}

/** How long a machine may take to fetch what it is asked. */
const FETCH_SECONDS = 60

/** The wishes that are new. The caller holds the lock on the network's row. */
export async function askNodes<W extends Wish>(
  sql: Sql,
  deps: Pick<MachineDeps, 'now' | 'random'>,
  wishes: readonly W[],
): Promise<W[]> {
  const asked: W[] = []
  for (const wish of wishes) {
    const { timeoutSeconds } = REQUESTS[wish.kind]
    const at = deps.now()
    const until = new Date(at.getTime() + 1000 * (timeoutSeconds + FETCH_SECONDS))
    const rows = await sql.query(
      `INSERT INTO node_requests (id, node_id, kind, args, for_node_id, timeout_seconds, asked_by, created_at, expires_at)
       SELECT $1, $2, $3, $4, $5, $6, 'spanwire', $7, $8
        WHERE NOT EXISTS (SELECT 1 FROM node_requests
                           WHERE node_id = $2 AND kind = $3 AND for_node_id IS NOT DISTINCT FROM $5::uuid AND state = 'asked')
       RETURNING id`,
      [uuid7(at, deps.random), wish.nodeId, wish.kind, [...wish.args], wish.forNodeId, timeoutSeconds, at, until],
    )
    if (rows.length > 0) asked.push(wish)
  }
  return asked
}

export type Unanswered = { readonly kind: string; readonly nodeId: string; readonly forNodeId: string | null }

export async function endUnanswered(sql: Sql, now: Date, networkId: string): Promise<Unanswered[]> {
  return sql.query<Unanswered>(
    `UPDATE node_requests r SET state = 'expired' FROM nodes n
      WHERE n.id = r.node_id AND n.network_id = $1 AND r.state = 'asked' AND r.expires_at < $2
      RETURNING r.kind, r.node_id "nodeId", r.for_node_id "forNodeId"`,
    [networkId, now],
  )
}
