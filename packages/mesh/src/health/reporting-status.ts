/**
 * The first fact: does the node report to us? It says nothing about tunnels (a node may be silent and carry traffic).
 *
 *   last report        +45 s                  +90 s
 *       |------ up -------|------- late --------|------ silent ...
 *
 * A request is held 20 s at most, and 2.5 s are for the way and the next one: a node that lost one report is still up.
 */
import { humanAge } from './human-age.ts'

const HOLD_MS = 20_000
const TURNAROUND_MS = 2_500
/** Two requests in a row. */
export const REPORT_FRESH_MS = 2 * (HOLD_MS + TURNAROUND_MS)
export const REPORT_LATE_MS = 2 * REPORT_FRESH_MS

export type ReportingStatus = {
  readonly status: 'up' | 'late' | 'silent' | 'never'
  readonly ageMs: number | null
  readonly sentence: string
}

export function reportingStatus(lastReportAt: number | null, now: number): ReportingStatus {
  if (lastReportAt === null) return { status: 'never', ageMs: null, sentence: 'never reported' }
  // A report from the future means that our own clock was set back: how fresh it is is not known, so it is not fresh.
  const ageMs = Math.abs(now - lastReportAt)
  if (ageMs <= REPORT_FRESH_MS) return { status: 'up', ageMs, sentence: `reports, last ${humanAge(ageMs)} ago` }
  if (ageMs <= REPORT_LATE_MS)
    return { status: 'late', ageMs, sentence: `late: last report ${humanAge(ageMs)} ago, one is due every 20 s` }
  return { status: 'silent', ageMs, sentence: `silent: last report ${humanAge(ageMs)} ago` }
}
