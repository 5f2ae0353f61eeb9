import { invariant } from '@spanwire/mesh/invariant'
import type { Tx } from './db.ts'
import { notify } from './hints.ts'

/**
 * Call it before the write, and set the `changedRevision` of the nodes that change to what it returns. It locks the network's
 * row until the transaction ends, so revisions become visible in order: a process that has read revision 7 never finds a
 * row of revision 6 later.
 */
export async function bumpRevision(tx: Tx, networkId: string): Promise<bigint> {
  const rows = await tx.$queryRaw<{ revision: bigint; organization_id: string }[]>`
    UPDATE networks SET revision = revision + 1 WHERE id = ${networkId}::uuid RETURNING revision, organization_id`
  const row = rows[0]
  invariant(row, `network ${networkId} exists`)
  await notify(tx, { kind: 'network', network: networkId, organization: row.organization_id })
  return row.revision
}
