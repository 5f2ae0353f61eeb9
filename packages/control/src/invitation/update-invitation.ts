import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { changeNode } from '../node/change-node.ts'
import { lockNode } from '../node/lock-node.ts'
import { acceptEndpointOutside, acceptLabels, acceptNodeName, acceptSite, refuseTakenName } from '../node/node-input.ts'
import { Labels, NodeRole, NodeRow } from '../node/node-row.ts'
import { readNodeRow } from '../node/read-node-row.ts'
import { acceptTags, Tags } from '../policy/accept-tags.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'

export const UpdateInvitation = z.object({
  nodeId: z.uuid(),
  name: z.string().max(300).optional(),
  role: NodeRole.optional(),
  siteId: z.uuid().nullable().optional(),
  /** host:port */
  endpoint: z.string().max(300).nullable().optional(),
  labels: Labels.optional(),
  /** by which policies mean it, without `tag:` in front */
  tags: Tags.optional(),
})
export const UpdateInvitationOutput = NodeRow

/** Until its machine joins. The line stays the same: what it gives is looked up when it is used. */
export async function updateInvitation(ctx: Context, input: z.infer<typeof UpdateInvitation>): Promise<NodeRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    if (node.state !== 'invited') {
      throw new Refusal('CONFLICT', `The machine of ${node.name} has joined meanwhile.`, {
        reason: 'wrong-state',
        fix: 'Change the node on its own page.',
      })
    }
    if (input.role === 'member') await needOtherGateway(tx, network.id, node.id)
    const changed = changes<Record<string, unknown>>(node, {
      name: input.name === undefined ? undefined : acceptNodeName(input.name),
      role: input.role,
      siteId: input.siteId ? await acceptSite(tx, network.id, input.siteId) : input.siteId,
      endpoint: input.endpoint ? await acceptEndpointOutside(tx, network, input.endpoint) : input.endpoint,
      labels: input.labels && acceptLabels(input.labels),
      tags: input.tags && (await acceptTags(tx, ctx, network, input.tags, node.tags)),
    })
    if (!changed) return
    if (typeof changed.data.name === 'string') await refuseTakenName(tx, network.id, changed.data.name, node.id)
    await changeNode(tx, ctx, organizationId, node, 'invitation.update', changed)
  })
  return readNodeRow(ctx, organizationId, input.nodeId)
}

async function needOtherGateway(tx: Tx, networkId: string, nodeId: string): Promise<void> {
  const other = await tx.node.findFirst({
    where: { networkId, role: 'gateway', id: { not: nodeId } },
    select: { id: true },
  })
  if (other) return
  throw new Refusal('PRECONDITION_FAILED', 'The first node of a network must be a gateway: the others meet at it.', {
    field: 'role',
    reason: 'gateway-first',
    fix: 'Begin with a machine that has a public address or a forwarded UDP port.',
  })
}
