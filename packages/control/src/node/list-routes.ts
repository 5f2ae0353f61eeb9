import { isPrivate } from '@spanwire/mesh/ip/is-private'
import { contains, formatPrefix, overlaps, parsePrefix } from '@spanwire/mesh/ip/prefix'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { NodeRoute } from '../db.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { requireRole } from '../require-role.ts'
import { type FoundRange, readFound } from './found-ranges.ts'
import { RouteRow, toRouteRow } from './route-row.ts'

export const ListRoutes = z.object({ network: z.uuid() })
export const ListRoutesOutput = z.object({
  routes: z.array(RouteRow),
  /** LANs that machines say they have, and that nobody has offered */
  found: z.array(z.object({ nodeId: z.string(), nodeName: z.string(), prefix: z.string() })),
})

/** Ranges behind nodes: offered, approved and refused; and what machines could offer. */
export async function listRoutes(
  ctx: Context,
  input: z.infer<typeof ListRoutes>,
): Promise<z.infer<typeof ListRoutesOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await visibleNetwork(ctx, organizationId, input.network)
  const [routes, found] = await Promise.all([
    ctx.db.prisma.nodeRoute.findMany({
      where: { node: { networkId: network.id, network: { organizationId } } },
      include: { node: { select: { name: true } } },
      orderBy: [{ node: { name: 'asc' } }, { prefix: 'asc' }],
    }),
    readFound(ctx, network.id),
  ])
  const known = routes.flatMap(({ nodeId, prefix }) => {
    const parsed = parsePrefix(prefix)
    return parsed.ok ? [{ nodeId, prefix: parsed.value }] : []
  })
  return {
    routes: routes.map(({ node, ...route }) => toRouteRow(route, node.name, notesOf(route, found))),
    found: found
      .filter(({ prefix }) => isPrivate({ family: prefix.family, value: prefix.base }))
      .filter(({ nodeId, prefix }) => !known.some((each) => each.nodeId === nodeId && contains(each.prefix, prefix)))
      .map(({ nodeId, nodeName, prefix }) => ({ nodeId, nodeName, prefix: formatPrefix(prefix) })),
  }
}

/** What somebody who decides should know beforehand: who is in such a LAN already. Of what was refused there is nothing to decide. */
function notesOf({ nodeId, prefix, state }: NodeRoute, found: readonly FoundRange[]): string[] {
  const parsed = parsePrefix(prefix)
  if (!parsed.ok || state === 'refused') return []
  const residents = found.filter((each) => each.nodeId !== nodeId && overlaps(each.prefix, parsed.value))
  return [...new Set(residents.map(({ nodeName }) => nodeName))].map(
    (name) => `${name} has an address in ${prefix} itself: it goes on reaching its own LAN, not this one.`,
  )
}
