import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import { acceptTags, Tags } from '../policy/accept-tags.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { changeNode } from './change-node.ts'
import { lockNode } from './lock-node.ts'
import { acceptEndpointOutside, acceptLabels, acceptNodeName, acceptSite, refuseTakenName } from './node-input.ts'
import { Labels, NodeRow } from './node-row.ts'
import { readNodeRow } from './read-node-row.ts'

export const UpdateNode = z.object({
  id: z.uuid(),
  name: z.string().max(300).optional(),
  labels: Labels.optional(),
  /** by which policies mean it, without `tag:` in front */
  tags: Tags.optional(),
  siteId: z.uuid().nullable().optional(),
  /** host:port */
  endpoint: z.string().max(300).nullable().optional(),
})
export const UpdateNodeOutput = NodeRow

export async function updateNode(ctx: Context, input: z.infer<typeof UpdateNode>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.id)
    if (input.endpoint === null && node.role === 'gateway' && node.state !== 'invited') {
      throw new Refusal('PRECONDITION_FAILED', `${node.name} is a gateway: without an endpoint nobody reaches it.`, {
        field: 'endpoint',
        reason: 'gateway-endpoint',
        fix: 'Give the address and UDP port at which the others reach it.',
      })
    }
    const changed = changes<Record<string, unknown>>(node, {
      name: input.name === undefined ? undefined : acceptNodeName(input.name),
      labels: input.labels && acceptLabels(input.labels),
      tags: input.tags && (await acceptTags(tx, ctx, network, input.tags, node.tags)),
      siteId: input.siteId ? await acceptSite(tx, network.id, input.siteId) : input.siteId,
      endpoint: input.endpoint ? await acceptEndpointOutside(tx, network, input.endpoint) : input.endpoint,
    })
    if (!changed) return
    if (typeof changed.data.name === 'string') await refuseTakenName(tx, network.id, changed.data.name, node.id)
    await changeNode(tx, ctx, organizationId, node, 'node.update', changed)
  })
  return readNodeRow(ctx, organizationId, input.id)
}
