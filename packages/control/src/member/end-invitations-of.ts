import type { Tx } from '../db.ts'

/** Links that somebody made and nobody used end with what they were allowed to. */
export async function endInvitationsOf(tx: Tx, organizationId: string, email: string, now: Date): Promise<number> {
  const { count } = await tx.memberInvitation.updateMany({
    where: { organizationId, createdBy: email, usedAt: null, revokedAt: null },
    data: { revokedAt: now },
  })
  return count
}
