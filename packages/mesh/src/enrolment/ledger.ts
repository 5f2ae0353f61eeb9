/** The ledger of one join as the add-node page shows it, as far as the network goes; cluster/cluster-ledger.ts goes on from there. */
import { failureFix } from './failure-fix.ts'
import { type Confirmation, type LedgerLine, ledgerLines, type StepReport } from './ledger-lines.ts'
import { STEP_ORDER, STEPS, type Step } from './steps.ts'

export type { Confirmation, LedgerLine, StepReport, StepState } from './ledger-lines.ts'

/** The first gateway of a network has nobody to shake hands with yet. */
export type JoinRole = 'first-gateway' | 'gateway' | 'member'

export const PROVED_LATER = 'proved by the first member that joins'

export function ledger(
  nodeSays: readonly StepReport[],
  confirmations: Partial<Record<Step, Confirmation>>,
  role: JoinRole,
  now: number,
): LedgerLine[] {
  return ledgerLines(
    { order: STEP_ORDER, rules: STEPS, fixOf: failureFix, startedAt: null },
    nodeSays,
    confirmations,
    now,
    (line, rule) => {
      const isProvedLater =
        role === 'first-gateway' && rule.confirmedBy === 'gateway' && line.state !== 'green' && line.state !== 'failed'
      return isProvedLater ? { ...line, state: 'not-yet', evidence: PROVED_LATER, at: null, fix: null } : line
    },
  )
}
