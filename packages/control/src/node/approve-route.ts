import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { checkRoute } from './check-route.ts'
import { decideRoute } from './decide-route.ts'
import { readForRoutes } from './read-for-routes.ts'
import { RouteRow } from './route-row.ts'

export const ApproveRoute = z.object({ nodeId: z.uuid(), prefix: z.string().max(60) })
export const ApproveRouteOutput = RouteRow

/** All of the network reach the LAN through the node from then on, as far as its policy lets them. */
export async function approveRoute(ctx: Context, input: z.infer<typeof ApproveRoute>): Promise<RouteRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  return decideRoute(ctx, input, {
    ...{ organizationId, state: 'approved', action: 'route.approve' },
    look: async (tx, network, node, prefix) => checkRoute(tx, await readForRoutes(tx, network.id), node.id, prefix),
  })
}
