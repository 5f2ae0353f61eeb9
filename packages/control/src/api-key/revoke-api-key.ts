import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ApiKeyRow } from './api-key-row.ts'
import { toApiKeyRow } from './to-api-key-row.ts'

export const RevokeApiKey = z.object({ id: z.uuid() })
export const RevokeApiKeyOutput = ApiKeyRow

/** Ends at the next request; what it holds open ends at once. */
export async function revokeApiKey(ctx: Context, input: z.infer<typeof RevokeApiKey>): Promise<ApiKeyRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id: input.id, organizationId } })
    if (!key) throw new Refusal('NOT_FOUND', 'There is no such API key.')
    if (key.revokedAt) return toApiKeyRow(key)
    const revoked = await tx.apiKey.update({ where: { id: key.id }, data: { revokedAt: ctx.now() } })
    await audit(tx, ctx, {
      action: 'api-key.revoke',
      subject: { kind: 'api-key', id: key.id, name: key.name },
      before: { role: key.role, hint: key.hint },
    })
    await notify(tx, { kind: 'membership', organization: organizationId })
    return toApiKeyRow(revoked)
  })
}
