/** What approving and refusing have in common: the route as it is, the write, the revision, and the log. */
import { formatPrefix, type Prefix } from '@spanwire/mesh/ip/prefix'
import { actorName } from '../actor-name.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import type { Node, NodeRoute, Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { Refusal } from '../refusal.ts'

export async function findRoute(tx: Tx, node: Node, prefix: Prefix): Promise<NodeRoute> {
  const text = formatPrefix(prefix)
  const route = await tx.nodeRoute.findUnique({ where: { nodeId_prefix: { nodeId: node.id, prefix: text } } })
  if (route) return route
  throw new Refusal('NOT_FOUND', `${text} was not offered behind ${node.name}.`, {
    field: 'prefix',
    fix: 'Offer it first.',
  })
}

export async function decideRoute(
  tx: Tx,
  ctx: Context,
  node: Node,
  route: NodeRoute,
  state: 'approved' | 'refused',
): Promise<NodeRoute> {
  // What nobody had is no news when it is refused.
  if (state === 'approved' || route.state === 'approved') {
    const changedRevision = await bumpRevision(tx, node.networkId)
    await tx.node.update({ where: { id: node.id }, data: { changedRevision } })
  }
  const organization = 'organizationId' in ctx.actor ? ctx.actor.organizationId : undefined
  await notify(tx, { kind: 'node', network: node.networkId, node: node.id, ...(organization && { organization }) })
  return tx.nodeRoute.update({
    where: { id: route.id },
    data: { state, decidedBy: actorName(ctx), decidedAt: ctx.now() },
  })
}
