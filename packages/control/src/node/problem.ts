/** What is wrong in words, with the next step. */
import { z } from 'zod'

export const Severity = z.enum(['bad', 'warn', 'info'])
export type Severity = z.infer<typeof Severity>

export const Problem = z.object({ severity: Severity, text: z.string(), fix: z.string() }).meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
