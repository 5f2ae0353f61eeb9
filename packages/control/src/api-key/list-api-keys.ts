import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { ApiKeyRow } from './api-key-row.ts'
import { toApiKeyRow } from './to-api-key-row.ts'

export const ListApiKeys = z.object({})
export const ListApiKeysOutput = z.array(ApiKeyRow)

export async function listApiKeys(ctx: Context, _input: z.infer<typeof ListApiKeys>): Promise<ApiKeyRow[]> {
  const { organizationId } = requireRole(ctx, 'admin')
  const keys = await ctx.db.prisma.apiKey.findMany({
    where: { organizationId },
    orderBy: { createdAt: 'desc' },
  })
  return keys.map(toApiKeyRow)
}
