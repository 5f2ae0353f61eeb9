/** Devices whose time is over, or whose person is no longer of the organization: their gateway drops them. */
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { recordEvents } from '../machine/record-events.ts'
import { inSqlTransaction, type Sql } from '../machine/sql.ts'
import { REST_MS } from './revoke-device.ts'

const OVER = `d.revoked_at IS NULL AND (d.expires_at <= $1 OR NOT EXISTS (
  SELECT 1 FROM memberships m WHERE m.user_id = d.user_id AND m.organization_id = w.organization_id))`

export async function endDevices(deps: MachineDeps): Promise<void> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    `SELECT DISTINCT w.id FROM devices d JOIN networks w ON w.id = d.network_id WHERE ${OVER}`,
    [deps.now()],
  )
  for (const { id } of rows) await inSqlTransaction(deps.db.pool, (sql) => endIn(sql, deps, id))
  // Its address has rested by then, and nobody looks at what ended long ago.
  await deps.db.pool.query('DELETE FROM devices WHERE revoked_at < $1', [new Date(deps.now().getTime() - REST_MS)])
}

async function endIn(sql: Sql, deps: MachineDeps, networkId: string): Promise<void> {
  const now = deps.now()
  await sql.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
  const ended = await sql.query<{ id: string; name: string; organizationId: string; isExpired: boolean }>(
    `UPDATE devices d SET revoked_at = $1 FROM networks w WHERE w.id = d.network_id AND w.id = $2 AND ${OVER}
      RETURNING d.id, d.name, w.organization_id "organizationId", coalesce(d.expires_at <= $1, false) "isExpired"`,
    [now, networkId],
  )
  if (ended.length === 0) return
  await sql.query(
    'UPDATE address_leases SET device_id = NULL, resting_until = $3 WHERE network_id = $1 AND device_id = ANY($2::uuid[])',
    [networkId, ended.map(({ id }) => id), new Date(now.getTime() + REST_MS)],
  )
  await bumpRevision(sql, networkId)
  const events = ended.map(({ id, name, organizationId, isExpired }) => ({
    organizationId,
    networkId,
    actor: { kind: 'system' as const, name: 'spanwire' },
    action: 'device.end',
    subject: { kind: 'device' as const, id, name },
    after: { because: isExpired ? 'its time is over' : 'its person has left the organization' },
  }))
  await recordEvents(sql, deps, events)
}
