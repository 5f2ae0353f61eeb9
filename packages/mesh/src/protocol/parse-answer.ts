/** What came of a request to a node. */
import { err, ok, type Result } from '../result.ts'
import { cleanText } from './clean-text.ts'
import { type MessageFault, parseMessage } from './parse-message.ts'

export type AnswerMessage = {
  readonly request: string
  readonly state: 'done' | 'failed'
  /** why it failed, for programs */
  readonly code: string | null
  /** for people */
  readonly evidence: string | null
  /** never shown and never logged: a token, a certificate; as it came */
  readonly secret: string | null
}

const MAX_EVIDENCE = 2048
const MAX_SECRET = 16_384

export function parseAnswer(text: string): Result<AnswerMessage, MessageFault> {
  const message = parseMessage(text, 'answer')
  if (!message.ok) return message
  const { fields, blocks } = message.value
  const request = /^[0-9a-f-]{36}$/.exec(fields.get('request') ?? '')?.[0]
  const state = (['done', 'failed'] as const).find((name) => name === fields.get('state'))
  if (!request || !state)
    return err({ kind: 'malformed', message: 'an answer names its request and is done or failed' })
  const secret = blocks.get('secret') ?? null
  if (secret !== null && secret.length > MAX_SECRET)
    return err({ kind: 'malformed', message: `the secret of an answer is at most ${MAX_SECRET} characters` })
  const code = /^[a-z0-9-]{1,40}$/.exec(fields.get('code') ?? '')?.[0] ?? null
  const evidence = cleanText(blocks.get('evidence') ?? '', MAX_EVIDENCE).trim()
  return ok({ request, state, code: state === 'failed' ? code : null, evidence: evidence || null, secret })
}
