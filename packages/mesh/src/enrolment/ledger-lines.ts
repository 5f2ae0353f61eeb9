/**
 * Lines of a ledger, for any list of steps: what the node said, what the other end saw, and what time makes of it.
 *
 *   step before ends    node begins                 node says done       other end saw it
 *        |---- waiting ----|-------- running ----------|---- node-says ----|---- green ---
 *        '------------------------ over timeoutSeconds: timed-out --------'
 *
 * The newest word wins: a failure after a confirmation is shown, a confirmation after a failure heals it. A confirmed step
 * proves those before it that do not stand alone, so a lost message (the script never waits for its ledger) leaves no hole.
 */
import type { Step, StepRule } from './steps.ts'

export type StepReport<S extends string = Step> = {
  readonly step: S
  readonly state: 'running' | 'done' | 'failed'
  /** Milliseconds, when the server heard it. */
  readonly at: number
  readonly code?: string | null
  readonly evidence?: string | null
}

export type Confirmation = { readonly at: number; readonly evidence: string }

export type StepState = 'waiting' | 'running' | 'node-says' | 'green' | 'failed' | 'timed-out' | 'not-yet'

export type LedgerLine<S extends string = Step> = {
  readonly step: S
  readonly title: string
  readonly state: StepState
  /** What is known, in the words of who saw it. */
  readonly evidence: string | null
  readonly at: number | null
  readonly fix: string | null
}

export type LedgerRules<S extends string> = {
  readonly order: readonly S[]
  readonly rules: Readonly<Record<S, StepRule>>
  readonly fixOf: (code: string | null | undefined) => string
  /** When what comes before the first step ended; null: its clock starts with the node's first word. */
  readonly startedAt: number | null
}

export function ledgerLines<S extends string>(
  { order, rules, fixOf, startedAt: first }: LedgerRules<S>,
  nodeSays: readonly StepReport<S>[],
  confirmations: Partial<Record<S, Confirmation>>,
  now: number,
  rework: (line: LedgerLine<S>, rule: StepRule) => LedgerLine<S> = (line) => line,
): LedgerLine<S>[] {
  const lines: LedgerLine<S>[] = []
  // When the step before ended; null while it has not, and no clock runs for what comes after.
  let startedAt = first
  for (const step of order) {
    const said = lastSaid(nodeSays, step)
    const seen = lastSeen(rules[step].standsAlone ? [step] : order, confirmations, step)
    const clock = { startedAt, now, isStopped: failsLater(order, nodeSays, step) }
    const line = rework(ledgerLine(step, rules[step], said, seen, clock, fixOf), rules[step])
    lines.push(line)
    startedAt = line.state === 'green' || line.state === 'node-says' ? line.at : null
  }
  return lines
}

type Clock = {
  readonly startedAt: number | null
  readonly now: number
  /** The node got past it, and failed at a later step: that one is told, and waiting for this one's other end would blame the wrong. */
  readonly isStopped: boolean
}

function ledgerLine<S extends string>(
  step: S,
  rule: StepRule,
  said: StepReport<S> | undefined,
  seen: Seen | undefined,
  { startedAt, now, isStopped }: Clock,
  fixOf: (code: string | null | undefined) => string,
): LedgerLine<S> {
  const line = { step, title: rule.title, evidence: said?.evidence ?? null, at: said?.at ?? null, fix: null }
  if (seen && !(said?.state === 'failed' && said.at > seen.lastProvedAt)) {
    return { ...line, state: 'green', evidence: seen.evidence, at: seen.at }
  }
  if (said?.state === 'failed')
    return { ...line, state: 'failed', evidence: said.evidence ?? said.code ?? null, fix: fixOf(said.code) }
  // Pasting again begins a step anew, after the end of the step before.
  const clockFrom = said ? Math.max(said.at, startedAt ?? said.at) : startedAt
  const isOver = clockFrom !== null && now - clockFrom > rule.timeoutSeconds * 1000
  if (isOver && !(isStopped && said?.state === 'done')) {
    const evidence =
      said?.state === 'done' ? `${rule.timeout}; the node says: ${said.evidence ?? 'done'}` : rule.timeout
    return { ...line, state: 'timed-out', evidence, at: clockFrom + rule.timeoutSeconds * 1000, fix: rule.timeoutFix }
  }
  if (!said) return { ...line, state: 'waiting' }
  return { ...line, state: said.state === 'done' ? 'node-says' : 'running' }
}

function failsLater<S extends string>(order: readonly S[], reports: readonly StepReport<S>[], step: S): boolean {
  return order.slice(order.indexOf(step) + 1).some((later) => lastSaid(reports, later)?.state === 'failed')
}

function lastSaid<S extends string>(reports: readonly StepReport<S>[], step: S): StepReport<S> | undefined {
  // A later line of equal time wins: the node sends them in order.
  return reports
    .filter((report) => report.step === step)
    .reduce<StepReport<S> | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined)
}

type Seen = Confirmation & { readonly lastProvedAt: number }

/** The step's own confirmation, else the first later one: nobody enrols without keys. Any later one proves it once more. */
function lastSeen<S extends string>(
  order: readonly S[],
  confirmations: Partial<Record<S, Confirmation>>,
  step: S,
): Seen | undefined {
  const own = confirmations[step]
  const proofs = order.slice(order.indexOf(step)).flatMap((candidate) => confirmations[candidate] ?? [])
  const first = proofs[0]
  if (!first) return undefined
  const lastProvedAt = Math.max(...proofs.map((proof) => proof.at))
  return { at: first.at, evidence: own ? own.evidence : `proved by a later step: ${first.evidence}`, lastProvedAt }
}
