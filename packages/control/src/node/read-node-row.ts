import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { judgeNode } from './judge-node.ts'
import { mergeLinks } from './merge-links.ts'
import type { NodeRow } from './node-row.ts'
import { readLinks } from './read-links.ts'
import { readNodes } from './read-nodes.ts'
import { toNodeRow } from './to-node-row.ts'

/** What a verb answers that has changed a node: the row as the table shows it. */
export async function readNodeRow(ctx: Context, organizationId: string, id: string): Promise<NodeRow> {
  const [[node], links] = await Promise.all([
    readNodes(ctx, organizationId, { node: id }),
    readLinks(ctx, organizationId, { node: id }),
  ])
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const now = ctx.now().getTime()
  const tunnels = mergeLinks(links, (peer) => peer, now)
  return toNodeRow(node, judgeNode(node, tunnels, now))
}
