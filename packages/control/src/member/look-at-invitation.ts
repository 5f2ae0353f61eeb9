import { z } from 'zod'
import { OrganizationRole } from '../api-key/api-key-row.ts'
import type { Context } from '../context.ts'
import { openInvitation } from './open-invitation.ts'

export const LookAtInvitation = z.object({ token: z.string().max(100) })
export const LookAtInvitationOutput = z.object({
  organization: z.string(),
  role: OrganizationRole,
  email: z.string().nullable(),
  invitedBy: z.string(),
  expiresAt: z.string(),
})

/** What the page behind the link shows to who has it. */
export async function lookAtInvitation(
  ctx: Context,
  input: z.infer<typeof LookAtInvitation>,
): Promise<z.infer<typeof LookAtInvitationOutput>> {
  const { organization, role, email, createdBy, expiresAt } = await openInvitation(ctx, input.token)
  return { organization: organization.name, role, email, invitedBy: createdBy, expiresAt: expiresAt.toISOString() }
}
