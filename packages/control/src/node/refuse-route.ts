import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { acceptRoutePrefix } from './check-route.ts'
import { decideRoute, findRoute } from './decide-route.ts'
import { lockNode } from './lock-node.ts'
import { RouteRow, toRouteRow } from './route-row.ts'

export const RefuseRoute = z.object({ nodeId: z.uuid(), prefix: z.string().max(60) })
export const RefuseRouteOutput = RouteRow

/** Nobody reaches it, or nobody any more. What is offered again after that is looked at again. */
export async function refuseRoute(ctx: Context, input: z.infer<typeof RefuseRoute>): Promise<RouteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const prefix = acceptRoutePrefix(input.prefix)
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    const route = await findRoute(tx, node, prefix)
    const notes: string[] = []
    if (route.state === 'refused') return toRouteRow(route, node.name, notes)
    const decided = await decideRoute(tx, ctx, node, route, 'refused')
    await audit(tx, ctx, {
      action: 'route.refuse',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { prefix: route.prefix, state: route.state },
      after: { prefix: route.prefix, state: 'refused' },
    })
    return toRouteRow(decided, node.name, notes)
  })
}
