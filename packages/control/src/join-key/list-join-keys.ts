import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { requireRole } from '../require-role.ts'
import { JoinKeyRow } from './join-key-row.ts'

export const ListJoinKeys = z.object({ network: z.uuid() })
export const ListJoinKeysOutput = z.array(JoinKeyRow)

export async function listJoinKeys(ctx: Context, input: z.infer<typeof ListJoinKeys>): Promise<JoinKeyRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await visibleNetwork(ctx, organizationId, input.network)
  const { rows } = await ctx.db.pool.query<JoinKeyRecord>(
    `select id, coalesce(name, '') "name", network_id "networkId", site_id "siteId", labels, tags, max_uses "maxUses", uses,
        ${milliseconds('expires_at')} "expiresAt", ${milliseconds('revoked_at')} "revokedAt", created_by "createdBy",
        ${milliseconds('created_at')} "createdAt"
      from join_tokens where network_id = $1 and kind = 'join_key' order by created_at desc`,
    [network.id],
  )
  return rows.map((row) => ({
    ...row,
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
    createdAt: iso(row.createdAt),
  }))
}

type JoinKeyRecord = Omit<JoinKeyRow, 'expiresAt' | 'revokedAt' | 'createdAt'> & {
  expiresAt: number
  revokedAt: number | null
  createdAt: number
}
