import { z } from 'zod'
import type { Context } from '../context.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { requireRole } from '../require-role.ts'
import { judgeNode } from './judge-node.ts'
import { mergeLinks, tunnelsByNode } from './merge-links.ts'
import { NodeRow } from './node-row.ts'
import { readLinks } from './read-links.ts'
import { readNodes } from './read-nodes.ts'
import { toNodeRow } from './to-node-row.ts'

export const ListNodes = z.object({ network: z.uuid() })
export const ListNodesOutput = z.array(NodeRow)

/** All of them at once: the table sorts and filters where it is looked at. */
export async function listNodes(ctx: Context, input: z.infer<typeof ListNodes>): Promise<NodeRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [, nodes, links] = await Promise.all([
    visibleNetwork(ctx, organizationId, input.network),
    readNodes(ctx, organizationId, { network: input.network }),
    readLinks(ctx, organizationId, { network: input.network }),
  ])
  const now = ctx.now().getTime()
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const tunnels = tunnelsByNode(mergeLinks(links, (id) => names.get(id) ?? id, now))
  return nodes.map((node) => toNodeRow(node, judgeNode(node, tunnels.get(node.id) ?? [], now)))
}
