/** An API key, without the key. */
import { z } from 'zod'

export const OrganizationRole = z.enum(['owner', 'admin', 'operator', 'viewer'])

export const ApiKeyRow = z
  .object({
    id: z.string(),
    name: z.string(),
    role: OrganizationRole,
    /** the first 8 characters after swk_ */
    hint: z.string(),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiKeyRow' })
export type ApiKeyRow = z.infer<typeof ApiKeyRow>
