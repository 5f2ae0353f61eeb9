import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { decideRoute } from './decide-route.ts'
import { RouteRow } from './route-row.ts'

export const RefuseRoute = z.object({ nodeId: z.uuid(), prefix: z.string().max(60) })
export const RefuseRouteOutput = RouteRow

/** Nobody reaches it, or nobody any more. What is offered again after that is looked at again. */
export async function refuseRoute(ctx: Context, input: z.infer<typeof RefuseRoute>): Promise<RouteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  return decideRoute(ctx, input, {
    ...{ organizationId, state: 'refused', action: 'route.refuse' },
    look: async () => [],
  })
}
