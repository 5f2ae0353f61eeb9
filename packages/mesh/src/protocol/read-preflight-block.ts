/** The block `:preflight` of a message: kept as it came when it can be read, else refused alone, with its line. */
import { parsePreflight } from '../cluster/parse-preflight.ts'

/** `fault` names the line that refuses the whole; null when all of it can be read. */
export type PreflightBlock = { readonly text: string; readonly fault: string | null }

export function readPreflightBlock(text: string | undefined): PreflightBlock | null {
  if (text === undefined) return null
  const parsed = parsePreflight(text)
  return { text, fault: parsed.ok ? null : parsed.error.message }
}
