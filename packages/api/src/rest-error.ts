/** The body of every answer of /api/v1 that is not 200. */
import { z } from 'zod'

export const RestError = z.object({
  code: z.string().describe('NOT_FOUND and the like: one for each status'),
  message: z.string().describe('What happened, a sentence'),
  fix: z.string().nullable().describe('What to do about it'),
  reason: z.string().nullable().describe('For programs: which of the refusals with this code it is'),
  field: z.string().nullable().describe('The input that is to blame'),
  retryAfterSeconds: z.number().nullable(),
  correlationId: z.string().nullable().describe("Of an unexpected failure: where the server's log has its reason"),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).describe('Each input that does not fit'),
})
