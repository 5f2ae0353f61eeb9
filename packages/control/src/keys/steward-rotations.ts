/**
 * What goes on by itself with the rotations of a network: a step whenever the node and its peers have said what it waits for. Looked at
 * every few seconds by every server process and when a node says something new; decided under the lock on the network's row, so once.
 */
import { nextRotation, type RotationNext } from '@spanwire/mesh/keys/rotation'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { recordEvents } from '../machine/record-events.ts'
import { inSqlTransaction, type Sql, sqlOn } from '../machine/sql.ts'
import { type Looked, lookAtRotations } from './look-at-rotations.ts'
import { readRunningRotations } from './rotation-rows.ts'

export async function stewardRotations(deps: MachineDeps, networkId: string): Promise<void> {
  const isDue = await look(sqlOn(deps.db.pool))
  if (isDue.length === 0) return
  await inSqlTransaction(deps.db.pool, async (sql) => {
    await sql.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
    const due = await look(sql)
    if (due.length === 0) return
    const revision = await bumpRevision(sql, networkId)
    for (const step of due) await take(sql, step, revision)
  })

  async function look(sql: Sql) {
    const running = await readRunningRotations(sql, networkId)
    if (running.length === 0) return []
    const looked = await lookAtRotations(sql, networkId, running, deps.now().getTime())
    return (looked?.rotations ?? []).flatMap((each) => {
      const next = nextRotation(each.facts)
      return next.next === 'wait' || !looked ? [] : [{ ...each, next, organizationId: looked.organizationId }]
    })
  }

  async function take(sql: Sql, step: Looked & { next: RotationNext; organizationId: string }, revision: number) {
    const { rotation, node, next } = step
    const at = deps.now()
    if (next.next === 'stage') {
      if (await isTaken(sql, networkId, [next.nextKey, next.nextDirectKey])) {
        await refuse('another node or device has its next key already')
        return
      }
      await sql.query(`UPDATE key_rotations SET state = 'staging', next_key = $2, next_direct_key = $3 WHERE id = $1`, [
        rotation.id,
        next.nextKey,
        next.nextDirectKey,
      ])
    } else if (next.next === 'refuse') {
      await refuse(next.why)
    } else if (next.next === 'switch') {
      await sql.query(`UPDATE key_rotations SET state = 'switching', switched_at = $2 WHERE id = $1`, [rotation.id, at])
    } else if (next.next === 'finish') {
      await sql.query(
        `UPDATE nodes SET public_key = $2, direct_key = coalesce($3, direct_key), keys_rotated_at = $4, changed_revision = $5
          WHERE id = $1`,
        [node.id, rotation.nextKey, rotation.nextDirectKey, at, revision],
      )
      await end(sql, rotation.id, 'done', null, at)
      await tell('node.keys-rotated', { publicKey: rotation.nextKey }, { publicKey: node.publicKey })
    } else if (next.next === 'return') {
      await end(sql, rotation.id, 'returned', next.why, at)
      await tell('node.keys-returned', { reason: next.why })
    }

    async function refuse(reason: string): Promise<void> {
      await end(sql, rotation.id, 'refused', reason, at)
      await tell('node.keys-refused', { reason })
    }

    /** `before`: only of what is not so any more. */
    async function tell(
      action: string,
      after: Record<string, unknown>,
      before: Record<string, unknown> | null = null,
    ): Promise<void> {
      const actor = { kind: 'system', name: 'spanwire' } as const
      const subject = { kind: 'node', id: node.id, name: node.name } as const
      await recordEvents(sql, deps, [
        {
          organizationId: step.organizationId,
          networkId,
          actor,
          action,
          subject,
          before,
          after,
        },
      ])
    }
  }
}

async function end(sql: Sql, id: string, state: string, reason: string | null, at: Date): Promise<void> {
  await sql.query('UPDATE key_rotations SET state = $2, reason = $3, ended_at = $4 WHERE id = $1', [
    id,
    state,
    reason,
    at,
  ])
}

/** Two peers with one key would take each other's packets. */
async function isTaken(sql: Sql, networkId: string, keys: readonly (string | null)[]): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM nodes WHERE network_id = $1 AND (public_key = ANY($2::text[]) OR direct_key = ANY($2::text[]))
     UNION ALL SELECT 1 FROM devices WHERE network_id = $1 AND public_key = ANY($2::text[])
     UNION ALL SELECT 1 FROM tombstones WHERE network_id = $1 AND public_key = ANY($2::text[])
     UNION ALL SELECT 1 FROM key_rotations r JOIN nodes n ON n.id = r.node_id
                WHERE n.network_id = $1 AND r.ended_at IS NULL AND (next_key = ANY($2::text[]) OR next_direct_key = ANY($2::text[]))
     LIMIT 1`,
    [networkId, keys.filter((key) => key !== null)],
  )
  return rows.length > 0 || new Set(keys).size < keys.length
}
