import type { RemovalStepRow } from './cluster-row.ts'
import type { Removal } from './read-cluster.ts'
import { isBehind, LEAVE_STEP, REMOVAL_STEPS } from './removal-steps.ts'

/** A removal in the order of its steps. One that failed or hangs can be asked for again, or be left out when it cannot succeed. */
export function removalRows(removal: Removal): RemovalStepRow[] {
  const steps = [...REMOVAL_STEPS, ...(removal[LEAVE_STEP.step] ? [LEAVE_STEP] : [])]
  const next = steps.find(({ step }) => !isBehind(removal[step]))
  return steps.map(({ step, title }) => {
    const fact = removal[step]
    const isNext = next?.step === step && step !== LEAVE_STEP.step
    return {
      step,
      title,
      state: step === LEAVE_STEP.step ? 'waiting' : (fact?.state ?? 'waiting'),
      text: fact?.text ?? 'waits for the step before it',
      at: fact?.at ?? null,
      canRepeat: isNext && fact?.state === 'failed',
      canSkip: isNext,
    }
  })
}
