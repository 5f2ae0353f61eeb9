/** A token for many machines. */
import { z } from 'zod'
import { Labels } from '../node/node-row.ts'

export const JoinKeyRow = z
  .object({
    id: z.string(),
    name: z.string(),
    networkId: z.string(),
    siteId: z.string().nullable(),
    labels: Labels,
    tags: z.array(z.string()),
    maxUses: z.number(),
    uses: z.number(),
    expiresAt: z.string(),
    revokedAt: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'JoinKeyRow' })
export type JoinKeyRow = z.infer<typeof JoinKeyRow>
