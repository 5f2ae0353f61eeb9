/**
 * Findings as a terminal shows them, ready to print: the node cannot read anything else. The first line is for the script, `stops yes`
 * or `stops no`.
 */
import { cleanText } from '../protocol/clean-text.ts'
import type { PreflightFinding } from './preflight-codes.ts'
import type { PreflightKnown } from './preflight-known.ts'

export function preflightText(
  findings: readonly PreflightFinding[],
  known: readonly PreflightKnown[],
  stops: boolean,
): string {
  const lines = findings.flatMap(({ code, severity, sentence, evidence, fix }) => [
    `${severity}: ${code}: ${sentence}`,
    `  evidence: ${evidence}`,
    `  fix: ${fix}`,
  ])
  const unknown = known.filter(({ isKnown }) => !isKnown).map(({ text }) => `not known: ${text}`)
  const verdict = stops ? 'k3s is not installed here before that is put right' : 'nothing stands in the way of k3s here'
  return [`stops ${stops ? 'yes' : 'no'}`, ...lines, ...unknown, verdict].map((line) => `${shown(line)}\n`).join('')
}

/** Evidence is the machine's own words. */
const shown = (line: string): string => /^ */.exec(line)?.[0] + cleanText(line.trim().replace(/\s+/g, ' '), 500)
