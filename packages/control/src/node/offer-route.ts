import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { acceptRoutePrefix, checkRoute } from './check-route.ts'
import { lockNode } from './lock-node.ts'
import { readForRoutes } from './read-for-routes.ts'
import { RouteRow, toRouteRow } from './route-row.ts'

export const OfferRoute = z.object({ nodeId: z.uuid(), prefix: z.string().max(60) })
export const OfferRouteOutput = RouteRow

/** A LAN behind a node. Nobody reaches it before it is approved. */
export async function offerRoute(ctx: Context, input: z.infer<typeof OfferRoute>): Promise<RouteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const prefix = acceptRoutePrefix(input.prefix)
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    if (node.ordinal === null) {
      throw new Refusal('PRECONDITION_FAILED', `${node.name} has not joined yet: nothing is known behind it.`)
    }
    const notes = await checkRoute(tx, await readForRoutes(tx, network.id), node.id, prefix)
    const text = formatPrefix(prefix)
    const key = { nodeId: node.id, prefix: text }
    const known = await tx.nodeRoute.findUnique({ where: { nodeId_prefix: key } })
    if (known && known.state !== 'refused') return toRouteRow(known, node.name, notes)
    const offered = {
      state: 'offered',
      offeredBy: actorName(ctx),
      offeredAt: ctx.now(),
      decidedBy: null,
      decidedAt: null,
    }
    const route = await tx.nodeRoute.upsert({
      where: { nodeId_prefix: key },
      create: { ...key, ...offered },
      update: offered,
    })
    await audit(tx, ctx, {
      action: 'route.offer',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      after: { prefix: text },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return toRouteRow(route, node.name, notes)
  })
}
