import { CLUSTER_STEPS } from '@spanwire/mesh/cluster/cluster-steps'
import { STEPS } from '@spanwire/mesh/enrolment/steps'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type Ledger = inferRouterOutputs<AppRouter>['node']['ledger']
export type LedgerStep = Ledger['steps'][number]

const RULES = { ...STEPS, ...CLUSTER_STEPS }

/** A state as a word. Green is not the machine's word: it says who else saw it. */
export function stepWord(step: LedgerStep): string {
  switch (step.state) {
    case 'waiting':
      return 'waiting'
    case 'running':
      return 'running'
    case 'node-says':
      return 'the node says'
    case 'green':
      return `the ${RULES[step.step].confirmedBy} saw it`
    case 'failed':
      return 'failed'
    case 'timed-out':
      return 'timed out'
    case 'not-yet':
      return 'not yet'
  }
}

export type Stage = 'waiting' | 'joining' | 'stopped' | 'done'

/** How the join as a whole stands. */
export function stageOf(ledger: Pick<Ledger, 'steps' | 'done'>): Stage {
  if (ledger.done) return 'done'
  if (stoppedAt(ledger)) return 'stopped'
  return ledger.steps.some((step) => step.state !== 'waiting' && step.state !== 'not-yet') ? 'joining' : 'waiting'
}

/** The first step that went wrong: what comes after waits for it. */
export function stoppedAt(ledger: Pick<Ledger, 'steps'>): LedgerStep | undefined {
  return ledger.steps.find((step) => step.state === 'failed' || step.state === 'timed-out')
}

/** What is being done, for people who listen to the page. */
export function spokenProgress(ledger: Ledger): string {
  const told = ledger.steps.findLast((step) => step.state !== 'waiting' && step.state !== 'not-yet')
  if (!told) return ''
  const place = ledger.steps.indexOf(told) + 1
  return `Step ${place} of ${ledger.steps.length}, ${told.title}: ${stepWord(told)}.`
}

const CHOICES: Record<string, 'packages' | 'fix'> = {
  'missing-tool': 'packages',
  'no-wireguard': 'packages',
  'host-firewall': 'fix',
  'no-reply': 'fix',
}

/** What the line may be allowed to do that would mend a step. */
export function choiceFor(step: LedgerStep): 'packages' | 'fix' | null {
  if (step.state === 'timed-out' && step.step === 'reachable') return 'fix'
  return step.state === 'failed' && step.code !== null ? (CHOICES[step.code] ?? null) : null
}
