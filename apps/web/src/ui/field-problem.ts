import { beginSentence } from '@spanwire/mesh/names/begin-sentence'

type Outcome = { ok: true } | { ok: false; error: { message: string } }

/** A rule's refusal as a form wants it: the sentence, with a capital, or null. */
export function fieldProblem(outcome: Outcome): string | null {
  if (outcome.ok) return null
  return beginSentence(outcome.error.message)
}
