import type { Problem as Found } from '@spanwire/mesh/health/problems'
import type { Problem, Severity } from './problem.ts'

const SEVERITY = { critical: 'bad', warning: 'warn', info: 'info' } as const satisfies Record<
  Found['severity'],
  Severity
>

export function toProblem(found: Found): Problem {
  return { severity: SEVERITY[found.severity], text: found.sentence, fix: found.fix }
}
