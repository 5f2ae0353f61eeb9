/** What was found on a machine, as the console and scripts read it. */
import { z } from 'zod'
import type { PreflightCounts } from './cluster-row.ts'
import type { JudgedPreflight } from './read-preflights.ts'

export const PreflightFinding = z
  .object({
    code: z.string(),
    severity: z.enum(['critical', 'warning', 'info']),
    /** k3s is not installed before it is put right */
    holds: z.boolean(),
    /** the line with `--fix` puts it right */
    fixable: z.boolean(),
    sentence: z.string(),
    /** the fact that it rests on, in the machine's words */
    evidence: z.string(),
    fix: z.string(),
  })
  .meta({ id: 'PreflightFinding' })
export type PreflightFinding = z.infer<typeof PreflightFinding>

export const toFindings = ({ findings, held }: JudgedPreflight): PreflightFinding[] =>
  findings.map(({ blocks: _, ...finding }) => ({
    ...finding,
    holds: held.some(({ code, evidence }) => code === finding.code && evidence === finding.evidence),
  }))

export function preflightCounts(preflight: JudgedPreflight | undefined): PreflightCounts | null {
  if (!preflight || (preflight.at === null && preflight.findings.length === 0)) return null
  const count = (severity: string) => preflight.findings.filter((finding) => finding.severity === severity).length
  return { critical: count('critical'), warning: count('warning'), info: count('info') }
}
