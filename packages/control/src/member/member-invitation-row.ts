/** An invitation of a person, without its token. */
import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import type { MemberInvitation } from '../db.ts'
import { iso } from '../iso.ts'

export const MemberInvitationRow = z
  .object({
    id: z.string(),
    role: OrganizationRole,
    /** null: whoever has the link names their own */
    email: z.string().nullable(),
    state: z.enum(['open', 'used', 'revoked', 'expired']),
    createdBy: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    usedAt: z.string().nullable(),
    usedBy: z.string().nullable(),
  })
  .meta({ id: 'MemberInvitation' })
export type MemberInvitationRow = z.infer<typeof MemberInvitationRow>

export function toMemberInvitationRow(row: MemberInvitation, now: Date): MemberInvitationRow {
  const { id, role, email, createdBy, usedBy } = row
  return {
    ...{ id, role, email, createdBy, usedBy },
    state: row.usedAt ? 'used' : row.revokedAt ? 'revoked' : row.expiresAt <= now ? 'expired' : 'open',
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    usedAt: iso(row.usedAt),
  }
}
