import type { ClusterStep } from '@spanwire/mesh/cluster/cluster-steps'
import type { Step } from '@spanwire/mesh/enrolment/steps'
import type { Sql } from './sql.ts'

export type StepConfirmation = { readonly nodeId: string; readonly step: Step | ClusterStep; readonly evidence: string }

/**
 * What the other end saw. Seen again after the machine reported a failure, it heals it; else the first sight stands. Answers what
 * was written.
 */
export async function confirmSteps(
  sql: Sql,
  now: Date,
  confirmations: readonly StepConfirmation[],
): Promise<{ nodeId: string; step: string }[]> {
  if (confirmations.length === 0) return []
  // Two reports of one batch may prove the same step; a statement may touch a row only once.
  const once = [...new Map(confirmations.map((each) => [`${each.nodeId} ${each.step}`, each])).values()]
  return sql.query<{ nodeId: string; step: string }>(
    `INSERT INTO join_steps (node_id, step, confirmed_at, confirmed_evidence)
     SELECT u.node_id, u.step, $2, u.evidence
       FROM unnest($1::uuid[], $3::text[], $4::text[]) AS u(node_id, step, evidence)
       JOIN nodes ON nodes.id = u.node_id
      ORDER BY u.node_id, u.step
     ON CONFLICT (node_id, step) DO UPDATE
        SET confirmed_at = excluded.confirmed_at, confirmed_evidence = excluded.confirmed_evidence
      WHERE join_steps.confirmed_at IS NULL OR join_steps.confirmed_at < join_steps.said_at
     RETURNING node_id AS "nodeId", step`,
    [once.map(({ nodeId }) => nodeId), now, once.map(({ step }) => step), once.map(({ evidence }) => evidence)],
  )
}
