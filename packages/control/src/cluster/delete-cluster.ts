import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'

export const DeleteCluster = z.object({ networkId: z.uuid(), confirmName: z.string().max(300) })
export const DeleteClusterOutput = z.object({ id: z.string() })

/** Forgets the cluster. Machines on which k3s runs keep it: who wants it off them removes them from the cluster first. */
export async function deleteCluster(
  ctx: Context,
  input: z.infer<typeof DeleteCluster>,
): Promise<z.infer<typeof DeleteClusterOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    const cluster = await tx.cluster.findUnique({ where: { networkId: network.id }, include: { nodes: true } })
    if (!cluster) throw new Refusal('NOT_FOUND', 'This network has no cluster.')
    if (input.confirmName !== cluster.name)
      throw new Refusal('BAD_REQUEST', `Type ${cluster.name} to confirm.`, {
        field: 'confirmName',
        reason: 'not-confirmed',
      })
    await bumpRevision(tx, network.id)
    await tx.cluster.delete({ where: { id: cluster.id } })
    await audit(tx, ctx, {
      action: 'cluster.delete',
      network: network.id,
      subject: { kind: 'cluster', id: cluster.id, name: cluster.name },
      before: { settings: cluster.settings, nodes: cluster.nodes.map((node) => node.kubernetesName) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return { id: cluster.id }
  })
}
