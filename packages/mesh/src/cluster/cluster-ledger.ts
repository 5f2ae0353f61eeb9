/** The ledger of a join from the tunnel to the pod that answered. */
import { type Confirmation, type LedgerLine, ledgerLines, type StepReport } from '../enrolment/ledger-lines.ts'
import { clusterFailureFix } from './cluster-failure-fix.ts'
import type { ClusterRole } from './cluster-node.ts'
import type { FlannelBackend } from './cluster-settings.ts'
import { CLUSTER_STEPS, type ClusterStep, clusterStepsOf } from './cluster-steps.ts'
import type { PreflightFinding } from './preflight-codes.ts'

export type ClusterLedgerInput = {
  readonly role: ClusterRole
  readonly backend: FlannelBackend
  readonly nodeSays: readonly StepReport<ClusterStep>[]
  readonly confirmations: Partial<Record<ClusterStep, Confirmation>>
  /** When the last step of the network was green; null while it is not, and no clock runs here. */
  readonly tunnelAt: number | null
  /** What the node waits for, as join-plan.ts says it: no clock runs meanwhile. */
  readonly waiting: string | null
  /** What was found on the machine, and has to be put right before anything here begins. */
  readonly held: Pick<PreflightFinding, 'code' | 'sentence' | 'evidence' | 'fix'> | null
}

export function clusterLedger(
  { role, backend, nodeSays, confirmations, tunnelAt, waiting, held }: ClusterLedgerInput,
  now: number,
): LedgerLine<ClusterStep>[] {
  const order = clusterStepsOf(role, backend)
  const lines = ledgerLines(
    {
      order,
      rules: CLUSTER_STEPS,
      fixOf: clusterFailureFix,
      startedAt: waiting === null && held === null ? tunnelAt : null,
    },
    nodeSays,
    confirmations,
    now,
  )
  if (held !== null) {
    const evidence = `${held.sentence}\n${held.code}: ${held.evidence}`
    return lines.map((line, i) => (i === 0 ? { ...line, state: 'failed', evidence, at: null, fix: held.fix } : line))
  }
  if (waiting === null) return lines
  // The first step that is not behind it shows what it waits for; a failure stays to be seen.
  const at = lines.findIndex((line) => line.state !== 'green')
  return lines.map((line, i) =>
    i === at && (line.state === 'waiting' || line.state === 'timed-out')
      ? { ...line, state: 'waiting', evidence: waiting, at: null, fix: null }
      : line,
  )
}
