import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { readSeries } from '../samples/read-series.ts'

export const NodeSeries = z.object({ id: z.uuid(), range: z.enum(['1h', '6h', '24h', '7d', '30d']).default('1h') })

const Values = z.array(z.number().nullable())

export const NodeSeriesOutput = z.object({
  stepSeconds: z.number(),
  /** unix seconds, the start of each step */
  at: z.array(z.number()),
  /** 0..1 */
  cpu: Values,
  memory: Values,
  disk: Values,
  load1: Values,
  /** bytes per second */
  rx: Values,
  tx: Values,
})

/** Null where nothing was measured: a gap is shown as one. */
export async function nodeSeries(
  ctx: Context,
  input: z.infer<typeof NodeSeries>,
): Promise<z.infer<typeof NodeSeriesOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { rows } = await ctx.db.pool.query(
    'select 1 from nodes n join networks w on w.id = n.network_id where w.organization_id = $1 and n.id = $2',
    [organizationId, input.id],
  )
  if (rows.length === 0) throw new Refusal('NOT_FOUND', 'There is no such node.')
  return readSeries(ctx, input.id, input.range)
}
