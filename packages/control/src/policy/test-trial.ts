/** Two versions of a policy, the second on trial at nobody and waiting for a person, written by SQL: for tests of what one may do about it. */
import { randomUUID } from 'node:crypto'
import type { Db } from '../db.ts'

export async function testTrial({ pool }: Pick<Db, 'pool'>, networkId: string): Promise<void> {
  await pool.query(
    `INSERT INTO policy_versions (network_id, number, text, created_by)
     VALUES ($1, 1, '{}', 'test'), ($1, 2, '{ "acls": [] }', 'test')`,
    [networkId],
  )
  await pool.query(
    `INSERT INTO policy_trials (network_id, id, number, started_by, started_at, deadline_at, needs_confirm, watched, state)
     VALUES ($1, $2, 2, 'test', now(), now() + interval '15 minutes', true, '[]', 'running')`,
    [networkId, randomUUID()],
  )
}
