type Outcome = { ok: true } | { ok: false; error: { message: string } }

/** A rule's refusal as a form wants it: the sentence, with a capital, or null. */
export function fieldProblem(outcome: Outcome): string | null {
  if (outcome.ok) return null
  const { message } = outcome.error
  return message.charAt(0).toUpperCase() + message.slice(1)
}
