import { Ago } from '~/ui/ago.tsx'
import type { proofWords } from './proof-words.ts'

/** The time of a proof, or what is known instead. */
export function Proof({ of: { at, text } }: { of: ReturnType<typeof proofWords> }) {
  return at === null ? text : <Ago at={at} />
}
