import { z } from 'zod'
import type { Context } from '../context.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { requireRole } from '../require-role.ts'
import { PolicyVersionRow } from './policy-row.ts'

export const ListPolicyVersions = z.object({
  networkId: z.uuid(),
  /** those before this one */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const ListPolicyVersionsOutput = z.array(PolicyVersionRow)

/** The newest first. One that was returned stays: it can be looked at, mended and tried again. */
export async function listPolicyVersions(
  ctx: Context,
  input: z.infer<typeof ListPolicyVersions>,
): Promise<PolicyVersionRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  await visibleNetwork(ctx, organizationId, input.networkId)
  const { rows } = await ctx.db.pool.query<Omit<PolicyVersionRow, 'createdAt'> & { createdAt: Date }>(
    `SELECT v.number, v.comment, v.restored_from "restoredFrom", v.created_by "createdBy", v.created_at "createdAt",
            length(v.text) characters,
            CASE WHEN w.policy_number = v.number THEN 'holds' WHEN t.number IS NOT NULL THEN 'on-trial' ELSE 'past' END state
       FROM policy_versions v JOIN networks w ON w.id = v.network_id
            LEFT JOIN policy_trials t ON t.network_id = v.network_id AND t.number = v.number AND t.state = 'running'
      WHERE v.network_id = $1 AND ($2::int IS NULL OR v.number < $2) ORDER BY v.number DESC LIMIT $3`,
    [input.networkId, input.before ?? null, input.limit],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}
