import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import type { Fault, Result } from '@spanwire/mesh/result'
import { Refusal } from './refusal.ts'

/** The value of a rule of mesh; its fault becomes the refusal of a field, as a sentence. */
export function accept<T>(result: Result<T, Fault<string>>, field: string): T {
  if (result.ok) return result.value
  const { kind, message } = result.error
  const sentence = `${beginSentence(message)}${/[.?!]$/.test(message) ? '' : '.'}`
  throw new Refusal('BAD_REQUEST', sentence, { field, reason: kind })
}
