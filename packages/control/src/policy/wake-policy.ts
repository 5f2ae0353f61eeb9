import { bumpRevision } from '../bump-revision.ts'
import type { Tx } from '../db.ts'

/**
 * Whom a policy means may be others from here on: where there is one, or one is on trial, rules are made anew. Call it before the write.
 */
export async function wakePolicy(tx: Tx, networkId: string): Promise<void> {
  if ((await tx.network.count({ where: { id: networkId, ...HAS_POLICY } })) > 0) await bumpRevision(tx, networkId)
}

export const HAS_POLICY = { OR: [{ policyNumber: { not: null } }, { policyTrial: { state: 'running' } }] }
