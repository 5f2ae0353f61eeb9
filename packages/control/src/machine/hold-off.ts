import type { Machine } from './machine.ts'
import { bumpRevision } from './machine-revision.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'
import { recordEvents } from './record-events.ts'
import { inSqlTransaction } from './sql.ts'

/** Two machines have one credential: the second is kept out, the first goes on untouched, and the operator is asked. */
export async function holdOff(
  machine: Machine,
  network: Mirrored,
  node: MachineNode,
  second: { readonly instance: string; readonly why: string; readonly address: string | null },
): Promise<void> {
  const networkId = network.settings.id
  const reason = `${second.why}; ${second.instance}${second.address ? ` from ${second.address}` : ''} is kept out, the other goes on`
  const changed = await inSqlTransaction(machine.db.pool, async (sql) => {
    const revision = await bumpRevision(sql, networkId)
    const rows = await sql.query(
      `UPDATE nodes SET held_off = $2, quarantine_reason = $3, changed_revision = $4
        WHERE id = $1 AND held_off IS DISTINCT FROM $2 RETURNING id`,
      [node.id, second.instance, reason, revision],
    )
    if (rows.length === 0) return false
    await recordEvents(sql, machine, [
      {
        organizationId: network.organizationId,
        networkId,
        actor: { kind: 'system', name: 'spanwire' },
        action: 'node.fork',
        subject: { kind: 'node', id: node.id, name: node.name },
        before: { heldOff: node.heldOff },
        after: { heldOff: second.instance, reason },
        address: second.address,
      },
    ])
    return true
  })
  if (changed) {
    await machine.mirror.refresh(networkId)
    machine.hints.publish({ kind: 'node', network: networkId, node: node.id })
  }
}
