import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { askServer } from './ask-server.ts'
import { lockMember } from './lock-member.ts'

export const ForgetPassword = z.object({ nodeId: z.uuid() })
export const ForgetPasswordOutput = z.object({ nodeId: z.string(), on: z.string() })

/**
 * A machine that was imaged anew has another node password than the cluster remembers of its name, and k3s refuses it. Only the
 * operator knows that it is the same machine.
 */
export async function forgetPassword(
  ctx: Context,
  input: z.infer<typeof ForgetPassword>,
): Promise<z.infer<typeof ForgetPasswordOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const { node, network, member } = await lockMember(tx, organizationId, input.nodeId)
    await bumpRevision(tx, network.id)
    const { server } = await askServer(tx, ctx, network, {
      kind: 'k3s-forget-password',
      args: [member.kubernetesName],
      forNodeId: node.id,
      askedBy: actorName(ctx),
    })
    await audit(tx, ctx, {
      action: 'cluster.forget-password',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      after: { kubernetesName: member.kubernetesName, on: server.nodeName },
    })
    return { nodeId: node.id, on: server.nodeName }
  })
}
