import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { NodeRole } from '../node/node-row.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { issueToken, Ticket } from './issue-token.ts'

export const CreateInvitation = z.object({ networkId: z.uuid() })
export const CreateInvitationOutput = Ticket.extend({ nodeId: z.string(), name: z.string(), role: NodeRole })

/** A node that is to come, and the token that lets one machine be it. Both exist when the page opens; the form fills the rest in. */
export async function createInvitation(
  ctx: Context,
  input: z.infer<typeof CreateInvitation>,
): Promise<z.infer<typeof CreateInvitationOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    const name = await freeName(tx, network.id)
    const gateway = await tx.node.findFirst({ where: { networkId: network.id, role: 'gateway' }, select: { id: true } })
    const role = gateway ? 'member' : 'gateway'
    const node = await tx.node.create({
      data: {
        networkId: network.id,
        name,
        role,
        state: 'invited',
        createdBy: actorName(ctx),
        createdAt: ctx.now(),
      },
    })
    const ticket = await issueToken(tx, ctx, node)
    await audit(tx, ctx, {
      action: 'invitation.create',
      network: network.id,
      subject: { kind: 'node', id: node.id, name },
      after: { name, role, expiresAt: ticket.expiresAt },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
    return { nodeId: node.id, name, role, ...ticket }
  })
}

/** node-1, node-2, …: the lowest number that is free. The caller holds the network. */
async function freeName(tx: Tx, networkId: string): Promise<string> {
  const taken = await tx.node.findMany({ where: { networkId, name: { startsWith: 'node-' } }, select: { name: true } })
  const names = new Set(taken.map(({ name }) => name))
  for (let n = 1; ; n++) if (!names.has(`node-${n}`)) return `node-${n}`
}
