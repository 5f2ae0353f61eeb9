import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { PathChangeRow, readChanges, toChangeRow } from './path-change.ts'
import { readPathPlan } from './read-path-plan.ts'

export const PathHistory = z.object({
  network: z.uuid(),
  /** of one pair; without them of the whole network */
  fromId: z.uuid().optional(),
  toId: z.uuid().optional(),
  before: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export const PathHistoryOutput = z.array(PathChangeRow)

/** Every change of a way, the newest first. */
export async function pathHistory(ctx: Context, input: z.infer<typeof PathHistory>): Promise<PathChangeRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await readPathPlan(ctx, organizationId, input.network)
  const changes = await readChanges(ctx, input.network, {
    pair: input.fromId && input.toId ? [input.fromId, input.toId] : null,
    before: input.before ? new Date(input.before) : null,
    limit: input.limit ?? 50,
  })
  return changes.map((change) => toChangeRow(network, change))
}
