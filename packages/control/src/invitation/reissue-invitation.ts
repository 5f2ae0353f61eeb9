import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockNode } from '../node/lock-node.ts'
import { requireAction } from '../node/require-action.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { issueToken, Ticket } from './issue-token.ts'

export const ReissueInvitation = z.object({ nodeId: z.uuid() })
export const ReissueInvitationOutput = Ticket

/** A fresh token: a lost or expired one is of no use to anyone. */
export async function reissueInvitation(ctx: Context, input: z.infer<typeof ReissueInvitation>): Promise<Ticket> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    requireAction(node, 'reissue')
    const ticket = await issueToken(tx, ctx, node)
    await audit(tx, ctx, {
      action: 'invitation.reissue',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      after: { expiresAt: ticket.expiresAt },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return ticket
  })
}
