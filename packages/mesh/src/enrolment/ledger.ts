/**
 * The ledger of one join, as the add-node page shows it: what the node said, what the other end saw, and what time makes of it.
 *
 *   step before ends    node begins                 node says done       other end saw it
 *        |---- waiting ----|-------- running ----------|---- node-says ----|---- green ---
 *        '------------------------ over timeoutSeconds: timed-out --------'
 *
 * The newest word wins: a failure after a confirmation is shown, a confirmation after a failure heals it. A confirmed step
 * proves those before it, so a lost message (the script never waits for its ledger) leaves no hole.
 */
import { failureFix } from './failure-fix.ts'
import { STEP_ORDER, STEPS, type Step } from './steps.ts'

export type StepReport = {
  readonly step: Step
  readonly state: 'running' | 'done' | 'failed'
  /** Milliseconds, when the server heard it. */
  readonly at: number
  readonly code?: string | null
  readonly evidence?: string | null
}

export type Confirmation = { readonly at: number; readonly evidence: string }

/** The first gateway of a network has nobody to shake hands with yet. */
export type JoinRole = 'first-gateway' | 'gateway' | 'member'

export type StepState = 'waiting' | 'running' | 'node-says' | 'green' | 'failed' | 'timed-out' | 'not-yet'

export type LedgerLine = {
  readonly step: Step
  readonly title: string
  readonly state: StepState
  /** What is known, in the words of who saw it. */
  readonly evidence: string | null
  readonly at: number | null
  readonly fix: string | null
}

export const PROVED_LATER = 'proved by the first member that joins'

export function ledger(
  nodeSays: readonly StepReport[],
  confirmations: Partial<Record<Step, Confirmation>>,
  role: JoinRole,
  now: number,
): LedgerLine[] {
  const lines: LedgerLine[] = []
  // When the step before ended; null while it has not, and no clock runs for what comes after.
  let startedAt: number | null = null
  for (const step of STEP_ORDER) {
    const said = lastSaid(nodeSays, step)
    const seen = lastSeen(confirmations, step)
    const line = ledgerLine(step, said, seen, startedAt, now)
    const isProvedLater =
      role === 'first-gateway' &&
      STEPS[step].confirmedBy === 'gateway' &&
      line.state !== 'green' &&
      line.state !== 'failed'
    lines.push(isProvedLater ? { ...line, state: 'not-yet', evidence: PROVED_LATER, at: null, fix: null } : line)
    startedAt = line.state === 'green' || line.state === 'node-says' ? line.at : null
  }
  return lines
}

function ledgerLine(
  step: Step,
  said: StepReport | undefined,
  seen: Seen | undefined,
  startedAt: number | null,
  now: number,
): LedgerLine {
  const rule = STEPS[step]
  const line = { step, title: rule.title, evidence: said?.evidence ?? null, at: said?.at ?? null, fix: null }
  if (seen && !(said?.state === 'failed' && said.at > seen.lastProvedAt)) {
    return { ...line, state: 'green', evidence: seen.evidence, at: seen.at }
  }
  if (said?.state === 'failed')
    return { ...line, state: 'failed', evidence: said.evidence ?? said.code ?? null, fix: failureFix(said.code) }
  // Pasting again begins a step anew, after the end of the step before.
  const clockFrom = said ? Math.max(said.at, startedAt ?? said.at) : startedAt
  if (clockFrom !== null && now - clockFrom > rule.timeoutSeconds * 1000) {
    const evidence =
      said?.state === 'done' ? `${rule.timeout}; the node says: ${said.evidence ?? 'done'}` : rule.timeout
    return { ...line, state: 'timed-out', evidence, at: clockFrom + rule.timeoutSeconds * 1000, fix: rule.timeoutFix }
  }
  if (!said) return { ...line, state: 'waiting' }
  return { ...line, state: said.state === 'done' ? 'node-says' : 'running' }
}

function lastSaid(reports: readonly StepReport[], step: Step): StepReport | undefined {
  // A later line of equal time wins: the node sends them in order.
  return reports
    .filter((report) => report.step === step)
    .reduce<StepReport | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined)
}

type Seen = Confirmation & { readonly lastProvedAt: number }

/** The step's own confirmation, else the first later one: nobody enrols without keys. Any later one proves it once more. */
function lastSeen(confirmations: Partial<Record<Step, Confirmation>>, step: Step): Seen | undefined {
  const own = confirmations[step]
  const proofs = STEP_ORDER.slice(STEP_ORDER.indexOf(step)).flatMap((candidate) => confirmations[candidate] ?? [])
  const first = proofs[0]
  if (!first) return undefined
  const lastProvedAt = Math.max(...proofs.map((proof) => proof.at))
  return { at: first.at, evidence: own ? own.evidence : `proved by a later step: ${first.evidence}`, lastProvedAt }
}
