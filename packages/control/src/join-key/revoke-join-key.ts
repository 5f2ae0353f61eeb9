import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { JoinKeyRow } from './join-key-row.ts'
import { toJoinKeyRow } from './to-join-key-row.ts'

export const RevokeJoinKey = z.object({ id: z.uuid() })
export const RevokeJoinKeyOutput = JoinKeyRow

/** Nobody joins with it any more; who has joined stays. */
export async function revokeJoinKey(ctx: Context, input: z.infer<typeof RevokeJoinKey>): Promise<JoinKeyRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    // The row's lock, so that who joins at this moment comes before or after.
    await tx.$queryRaw`SELECT id FROM join_tokens WHERE id = ${input.id}::uuid FOR UPDATE`
    const key = await tx.joinToken.findFirst({ where: { id: input.id, kind: 'join_key', network: { organizationId } } })
    if (!key) throw new Refusal('NOT_FOUND', 'There is no such join key.')
    if (key.revokedAt) return toJoinKeyRow(key)
    const revoked = await tx.joinToken.update({ where: { id: key.id }, data: { revokedAt: ctx.now() } })
    await audit(tx, ctx, {
      action: 'join-key.revoke',
      network: key.networkId,
      subject: { kind: 'join-key', id: key.id, name: key.name ?? '' },
      before: { uses: key.uses, maxUses: key.maxUses },
    })
    return toJoinKeyRow(revoked)
  })
}
