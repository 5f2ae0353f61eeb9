/**
 * A node that has a revision which we never made knows more than this database: it was restored from a backup. The network starts a
 * new epoch, in which every node takes a full configuration whatever its number, and the screen says so.
 */
import type { Applied } from '@spanwire/mesh/protocol/parse-report'
import { MachineRefusal } from './answer.ts'
import type { Machine } from './machine.ts'
import { notifyInSql } from './machine-revision.ts'
import type { Mirrored } from './read-mirrored.ts'
import { recordEvents } from './record-events.ts'
import { inSqlTransaction } from './sql.ts'

/** Further ahead than any backup is old: a node that says so is broken or hostile, and must not run the counters up. */
const MAX_EPOCHS = 1_000
const MAX_REVISIONS = 1_000_000
/** A restore is noticed once: the nodes ahead in the old epoch are behind in the new one. */
const QUIET_MS = 30_000

export const isAhead = (confirmed: Applied, network: { epoch: number; revision: number }): boolean =>
  confirmed.epoch > network.epoch || (confirmed.epoch === network.epoch && confirmed.revision > network.revision)

export async function newEpoch(
  machine: Machine,
  stale: Mirrored,
  confirmed: Applied,
  nodeName: string,
): Promise<Mirrored | null> {
  // Another process may have made that revision a moment ago.
  const network = await machine.mirror.refresh(stale.settings.id)
  if (!network || !isAhead(confirmed, network)) return network
  const epochs = confirmed.epoch - network.epoch
  if (epochs > MAX_EPOCHS || (epochs === 0 && confirmed.revision - network.revision > MAX_REVISIONS)) {
    throw new MachineRefusal(
      'too-far-ahead',
      'no backup is that old: run "spanwire leave" on this machine and join it anew',
    )
  }
  const now = machine.now()
  await inSqlTransaction(machine.db.pool, async (sql) => {
    const [row] = await sql.query<{ epoch: number; revision: string }>(
      `UPDATE networks SET epoch = greatest(epoch, $2) + 1, revision = revision + 1, restored_at = $4
        WHERE id = $1 AND (epoch < $2 OR (epoch = $2 AND revision < $3)) AND (restored_at IS NULL OR restored_at < $5)
        RETURNING epoch, revision`,
      [network.settings.id, confirmed.epoch, confirmed.revision, now, new Date(now.getTime() - QUIET_MS)],
    )
    if (!row) return
    await notifyInSql(sql, { kind: 'network', network: network.settings.id, organization: network.organizationId })
    await recordEvents(sql, machine, [
      {
        organizationId: network.organizationId,
        networkId: network.settings.id,
        actor: { kind: 'system', name: 'spanwire' },
        action: 'network.restored',
        subject: { kind: 'network', id: network.settings.id, name: network.settings.name },
        before: { epoch: network.epoch, revision: network.revision },
        after: { epoch: row.epoch, revision: Number(row.revision), noticedBy: nodeName, itHad: confirmed },
      },
    ])
  })
  return machine.mirror.refresh(network.settings.id)
}
