import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'

export const MemberRow = z
  .object({
    userId: z.string(),
    name: z.string(),
    email: z.string(),
    role: OrganizationRole,
    createdAt: z.string(),
  })
  .meta({ id: 'MemberRow' })
export type MemberRow = z.infer<typeof MemberRow>
