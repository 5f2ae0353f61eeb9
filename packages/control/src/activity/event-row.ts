/** Who or what did what, when, to what. */
import { z } from 'zod'

export const EventRow = z
  .object({
    id: z.string(),
    at: z.string(),
    actorKind: z.string(),
    actorName: z.string(),
    action: z.string(),
    subjectKind: z.string(),
    subjectId: z.string().nullable(),
    subjectName: z.string(),
    networkId: z.string().nullable(),
    before: z.json().nullable(),
    after: z.json().nullable(),
    address: z.string().nullable(),
  })
  .meta({ id: 'EventRow' })
export type EventRow = z.infer<typeof EventRow>
