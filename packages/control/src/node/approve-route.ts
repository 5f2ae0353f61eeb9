import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { acceptRoutePrefix, checkRoute } from './check-route.ts'
import { decideRoute, findRoute } from './decide-route.ts'
import { lockNode } from './lock-node.ts'
import { readForRoutes } from './read-for-routes.ts'
import { RouteRow, toRouteRow } from './route-row.ts'

export const ApproveRoute = z.object({ nodeId: z.uuid(), prefix: z.string().max(60) })
export const ApproveRouteOutput = RouteRow

/** All of the network reach the LAN through the node from then on, as far as its policy lets them. */
export async function approveRoute(ctx: Context, input: z.infer<typeof ApproveRoute>): Promise<RouteRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  const prefix = acceptRoutePrefix(input.prefix)
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    const route = await findRoute(tx, node, prefix)
    const notes = await checkRoute(tx, await readForRoutes(tx, network.id), node.id, prefix)
    if (route.state === 'approved') return toRouteRow(route, node.name, notes)
    const decided = await decideRoute(tx, ctx, node, route, 'approved')
    await audit(tx, ctx, {
      action: 'route.approve',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { prefix: route.prefix, state: route.state },
      after: { prefix: route.prefix, state: 'approved' },
    })
    return toRouteRow(decided, node.name, notes)
  })
}
