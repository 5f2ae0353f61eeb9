import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { requireRole } from '../require-role.ts'
import { InvitationRow } from './invitation-row.ts'

export const ListInvitations = z.object({ network: z.uuid() })
export const ListInvitationsOutput = z.array(InvitationRow)

/** The newest of each node, the newest first; tokens that were replaced are history. */
export async function listInvitations(ctx: Context, input: z.infer<typeof ListInvitations>): Promise<InvitationRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await visibleNetwork(ctx, organizationId, input.network)
  const { rows } = await ctx.db.pool.query<InvitationRecord>(
    `select * from (
        select distinct on (t.node_id) t.id, n.id "nodeId", n.name "nodeName", n.role "nodeRole", n.state "nodeState",
          ${milliseconds('t.expires_at')} "expiresAt", t.uses >= t.max_uses "usedUp",
          ${milliseconds('t.revoked_at')} "revokedAt", t.created_by "createdBy", ${milliseconds('t.created_at')} "createdAt"
        from join_tokens t join nodes n on n.id = t.node_id
        where t.network_id = $1 and t.kind = 'invitation'
        order by t.node_id, t.created_at desc
      ) newest order by "createdAt" desc`,
    [network.id],
  )
  return rows.map((row) => ({
    ...row,
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
    createdAt: iso(row.createdAt),
  }))
}

type InvitationRecord = Omit<InvitationRow, 'expiresAt' | 'revokedAt' | 'createdAt'> & {
  expiresAt: number
  revokedAt: number | null
  createdAt: number
}
