import type { Enrolment } from '@spanwire/mesh/protocol/parse-enrol'
import { confirmSteps } from './confirm-steps.ts'
import type { Sql } from './sql.ts'

/** The server has seen three steps with its own eyes, and what the machine told of itself is kept. */
export async function confirmEnrolment(
  sql: Sql,
  now: Date,
  nodeId: string,
  enrolment: Enrolment,
  place: string,
): Promise<void> {
  const { os, kernel, wireguard } = enrolment.facts
  const machine = [os, kernel && `kernel ${kernel}`, wireguard && `WireGuard: ${wireguard}`].filter(Boolean).join(', ')
  await confirmSteps(sql, now, [
    { nodeId, step: 'preflight', evidence: `facts arrived: ${machine || 'hardly any'}` },
    {
      nodeId,
      step: 'keys',
      evidence: `public key ${enrolment.publicKey} arrived; the private one stays on the machine`,
    },
    { nodeId, step: 'enrolled', evidence: place },
  ])
  await sql.query(
    `INSERT INTO node_status (node_id, reported_at, instance, applied_epoch, applied_revision, applied_view, behind_since,
                              script_version, uptime_seconds, clock_skew_ms, facts, notes)
     VALUES ($1, $2, $3, 0, 0, '-', $2, $4, 0, $5, $6, $7)
     ON CONFLICT (node_id) DO NOTHING`,
    [
      nodeId,
      now,
      enrolment.instance,
      enrolment.script.version,
      enrolment.unixSeconds * 1000 + 500 - now.getTime(),
      JSON.stringify(enrolment.facts),
      JSON.stringify(enrolment.notes),
    ],
  )
}
