import type { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { lockOrganization } from '../lock-organization.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { refuseTakenName } from './create-network.ts'
import { getNetwork } from './get-network.ts'
import { lockNetwork } from './lock-network.ts'
import { NetworkRow } from './network-row.ts'
import { planNetworkUpdate, UpdateNetwork } from './plan-network-update.ts'

export { UpdateNetwork }
export const UpdateNetworkOutput = NetworkRow

export async function updateNetwork(ctx: Context, input: z.infer<typeof UpdateNetwork>): Promise<NetworkRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  await inTransaction(ctx, async (tx) => {
    if (input.cidr4 !== undefined) await lockOrganization(tx, organizationId)
    const network = await lockNetwork(tx, organizationId, input.id)
    const { changed, endpoints } = await planNetworkUpdate(ctx, tx, network, input)
    if (!changed) return
    if (typeof changed.data.name === 'string') {
      await refuseTakenName(tx, organizationId, changed.data.name, network.id)
    }
    const revision = await bumpRevision(tx, network.id)
    await tx.network.update({ where: { id: network.id }, data: changed.data })
    // Nobody has joined, so who rests in the old range is remembered by nobody.
    if ('cidr4' in changed.data) await tx.addressLease.deleteMany({ where: { networkId: network.id } })
    for (const { id, endpoint } of endpoints) {
      await tx.node.update({ where: { id }, data: { endpoint, changedRevision: revision } })
    }
    await audit(tx, ctx, {
      action: 'network.update',
      network: network.id,
      subject: { kind: 'network', id: network.id, name: network.name },
      before: changed.before,
      after: changed.after,
    })
  })
  return getNetwork(ctx, { id: input.id })
}
