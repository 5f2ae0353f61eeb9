import { reachMatrix } from '@spanwire/mesh/policy/reach-matrix'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { readNetworkPolicy } from './read-network-policy.ts'

export const AccessMatrix = z.object({
  networkId: z.uuid(),
  family: z.enum(['4', '6']).default('4'),
})
export const AccessMatrixOutput = z.object({
  number: z.number().nullable(),
  /** who is treated alike by every rule: nodes, devices and pods, the largest group first */
  groups: z.array(z.object({ members: z.array(z.string()), count: z.number() })),
  /** `cells[from][to]`: `everything`, `tcp 443; ping` or `nothing` */
  cells: z.array(z.array(z.string())),
  /** groups beyond those shown */
  more: z.number(),
})

/** Names shown of a group; all of them are counted. */
const MOST_NAMES = 50

export async function accessMatrix(
  ctx: Context,
  input: z.infer<typeof AccessMatrix>,
): Promise<z.infer<typeof AccessMatrixOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { plan, number } = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const { groups, cells, more } = reachMatrix(plan, input.family === '4' ? 4 : 6)
  return {
    number,
    groups: groups.map(({ members }) => ({ members: members.slice(0, MOST_NAMES), count: members.length })),
    cells: cells.map((row) => [...row]),
    more,
  }
}
