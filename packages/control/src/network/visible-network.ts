import type { Context } from '../context.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { Refusal } from '../refusal.ts'

export type VisibleNetwork = { id: string; name: string; revision: number; epoch: number; restoredAt: number | null }

/** Another tenant's network and one that never was answer alike. */
export async function visibleNetwork(ctx: Context, organizationId: string, id: string): Promise<VisibleNetwork> {
  const { rows } = await ctx.db.pool.query<VisibleNetwork>(
    `select id, name, revision::float8, epoch, ${milliseconds('restored_at')} "restoredAt"
      from networks where organization_id = $1 and id = $2`,
    [organizationId, id],
  )
  const [network] = rows
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return network
}
