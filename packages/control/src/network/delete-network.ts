import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { buryNodes } from '../node/bury-nodes.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockNetwork } from './lock-network.ts'

export const DeleteNetwork = z.object({
  id: z.uuid(),
  /** its name again, so that no script deletes the wrong one */
  confirmName: z.string(),
})
export const DeleteNetworkOutput = z.object({ id: z.string(), name: z.string() })

/** Its nodes leave tombstones, so that each machine is told to take down what it put up. */
export async function deleteNetwork(
  ctx: Context,
  input: z.infer<typeof DeleteNetwork>,
): Promise<z.infer<typeof DeleteNetworkOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.id)
    if (input.confirmName !== network.name) {
      throw new Refusal('BAD_REQUEST', `The name that was typed is not ${network.name}.`, {
        field: 'confirmName',
        reason: 'name-differs',
      })
    }
    const nodes = await tx.node.findMany({ where: { networkId: network.id }, orderBy: { name: 'asc' } })
    await buryNodes(tx, ctx, organizationId, nodes)
    await tx.network.delete({ where: { id: network.id } })
    await audit(tx, ctx, {
      action: 'network.delete',
      subject: { kind: 'network', id: network.id, name: network.name },
      before: { name: network.name, cidr4: network.cidr4, cidr6: network.cidr6, nodes: nodes.map(({ name }) => name) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return { id: network.id, name: network.name }
  })
}
