/** What approving and refusing a route have in common: the lock, the write, the revision, and the log. */
import { formatPrefix, type Prefix } from '@spanwire/mesh/ip/prefix'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import type { Network, Node, NodeRoute, Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'
import { inTransaction } from '../transaction.ts'
import { acceptRoutePrefix } from './check-route.ts'
import { lockNode } from './lock-node.ts'
import { type RouteRow, toRouteRow } from './route-row.ts'

type Decision = {
  readonly organizationId: string
  readonly state: 'approved' | 'refused'
  readonly action: 'route.approve' | 'route.refuse'
  /** Throws what stands in its way, and answers what one should know. */
  readonly look: (tx: Tx, network: Network, node: Node, prefix: Prefix) => Promise<string[]>
}

export async function decideRoute(
  ctx: Context,
  input: { readonly nodeId: string; readonly prefix: string },
  { organizationId, state, action, look }: Decision,
): Promise<RouteRow> {
  const prefix = acceptRoutePrefix(input.prefix)
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    const route = await findRoute(tx, node, prefix)
    const notes = await look(tx, network, node, prefix)
    if (route.state === state) return toRouteRow(route, node.name, notes)
    // What nobody had is no news when it is refused.
    if (state === 'approved' || route.state === 'approved') {
      const changedRevision = await bumpRevision(tx, network.id)
      await tx.node.update({ where: { id: node.id }, data: { changedRevision } })
    }
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    const decided = await tx.nodeRoute.update({
      where: { id: route.id },
      data: { state, decidedBy: actorName(ctx), decidedAt: ctx.now() },
    })
    await audit(tx, ctx, {
      action,
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { prefix: route.prefix, state: route.state },
      after: { prefix: route.prefix, state },
    })
    return toRouteRow(decided, node.name, notes)
  })
}

async function findRoute(tx: Tx, node: Node, prefix: Prefix): Promise<NodeRoute> {
  const text = formatPrefix(prefix)
  const route = await tx.nodeRoute.findUnique({ where: { nodeId_prefix: { nodeId: node.id, prefix: text } } })
  if (route) return route
  throw new Refusal('NOT_FOUND', `${text} was not offered behind ${node.name}.`, {
    field: 'prefix',
    fix: 'Offer it first.',
  })
}
