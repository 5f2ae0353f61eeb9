import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockNode } from '../node/lock-node.ts'
import { requireAction } from '../node/require-action.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'

export const RevokeInvitation = z.object({ nodeId: z.uuid() })
export const RevokeInvitationOutput = z.object({ id: z.string(), name: z.string() })

/** Ends the token and takes the node away that never was. Its name is free again. */
export async function revokeInvitation(
  ctx: Context,
  input: z.infer<typeof RevokeInvitation>,
): Promise<z.infer<typeof RevokeInvitationOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    requireAction(node, 'revoke')
    await tx.node.delete({ where: { id: node.id } })
    await audit(tx, ctx, {
      action: 'invitation.revoke',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { name: node.name, role: node.role },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return { id: node.id, name: node.name }
  })
}
