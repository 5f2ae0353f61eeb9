/** One step of a join, in the machine's own words. */
import { CLUSTER_STEP_NAMES, type ClusterStep } from '../cluster/cluster-steps.ts'
import { STEP_ORDER, type Step } from '../enrolment/steps.ts'
import { err, ok, type Result } from '../result.ts'
import { cleanText } from './clean-text.ts'
import { type MessageFault, parseMessage } from './parse-message.ts'

export type StepMessage = {
  readonly step: Step | ClusterStep
  readonly state: 'running' | 'done' | 'failed'
  /** why it failed, for programs; null unless it failed */
  readonly code: string | null
  readonly evidence: string | null
}

const MAX_EVIDENCE = 2048
const NAMES: readonly (Step | ClusterStep)[] = [...STEP_ORDER, ...CLUSTER_STEP_NAMES]

export function parseStep(text: string): Result<StepMessage, MessageFault> {
  const message = parseMessage(text, 'step')
  if (!message.ok) return message
  const { fields, blocks } = message.value
  const step = NAMES.find((name) => name === fields.get('step'))
  const state = (['running', 'done', 'failed'] as const).find((name) => name === fields.get('state'))
  if (!step || !state) {
    return err({
      kind: 'malformed',
      message: `a step names one of ${NAMES.join(', ')} and is running, done or failed`,
    })
  }
  const code = /^[a-z0-9-]{1,40}$/.exec(fields.get('code') ?? '')?.[0] ?? null
  const evidence = cleanText(blocks.get('evidence') ?? '', MAX_EVIDENCE).trim()
  return ok({ step, state, code: state === 'failed' ? code : null, evidence: evidence === '' ? null : evidence })
}
