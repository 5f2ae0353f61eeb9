import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { KeyName } from '../person-input.ts'
import { requireRole } from '../require-role.ts'
import { hashToken, makeToken } from '../secrets.ts'
import { inTransaction } from '../transaction.ts'
import { ApiKeyRow, OrganizationRole } from './api-key-row.ts'
import { toApiKeyRow } from './to-api-key-row.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const CreateApiKey = z.object({
  name: KeyName,
  role: OrganizationRole,
  expiresInDays: z.number().positive('It has to end after a while.').max(366, 'A year at most.'),
})
export const CreateApiKeyOutput = z.object({
  row: ApiKeyRow,
  /** shown once */
  key: z.string(),
})

/** A key never may more than who makes it. */
export async function createApiKey(
  ctx: Context,
  input: z.infer<typeof CreateApiKey>,
): Promise<z.infer<typeof CreateApiKeyOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  requireRole(ctx, input.role)
  const key = makeToken('swk', ctx.random)
  return inTransaction(ctx, async (tx) => {
    const row = await tx.apiKey.create({
      data: {
        organizationId,
        name: input.name,
        role: input.role,
        hash: hashToken(key),
        hint: key.slice('swk_'.length, 'swk_'.length + 8),
        createdBy: actorName(ctx),
        createdAt: ctx.now(),
        expiresAt: new Date(ctx.now().getTime() + input.expiresInDays * DAY_MS),
      },
    })
    await audit(tx, ctx, {
      action: 'api-key.create',
      subject: { kind: 'api-key', id: row.id, name: row.name },
      after: { name: row.name, role: row.role, hint: row.hint, expiresAt: row.expiresAt.toISOString() },
    })
    return { row: toApiKeyRow(row), key }
  })
}
