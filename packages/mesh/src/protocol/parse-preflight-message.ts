/** What a machine sends to be judged at once, by `--check` or `spanwire doctor`. */
import { err, ok, type Result } from '../result.ts'
import { type MessageFault, parseMessage } from './parse-message.ts'
import { readCount } from './read-fields.ts'
import { type PreflightBlock, readPreflightBlock } from './read-preflight-block.ts'

export type PreflightMessage = PreflightBlock & { readonly unixSeconds: number }

export function parsePreflightMessage(text: string): Result<PreflightMessage, MessageFault> {
  const message = parseMessage(text, 'preflight')
  if (!message.ok) return message
  const unixSeconds = readCount(message.value.fields.get('unix'))
  const block = readPreflightBlock(message.value.blocks.get('preflight'))
  if (unixSeconds === null || block === null)
    return err({ kind: 'malformed', message: 'the message has no readable time or no facts; is the script damaged?' })
  return ok({ ...block, unixSeconds })
}
