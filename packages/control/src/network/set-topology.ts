import type { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { giveMissingNumbers } from '../machine/give-missing-numbers.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { getNetwork } from './get-network.ts'
import { lockNetwork } from './lock-network.ts'
import { NetworkRow } from './network-row.ts'
import { planTopology, refuseOther, SetTopologyInput, withLanAddresses } from './plan-topology.ts'

export const SetTopology = SetTopologyInput
export const SetTopologyOutput = NetworkRow

/** Who may be reached directly. Gateways go on carrying meanwhile: no tunnel that carries is taken away before another does. */
export async function setTopology(ctx: Context, input: z.infer<typeof SetTopology>): Promise<NetworkRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  await inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.id)
    const changed = changes<{ topology?: string; directCap?: number }>(network, {
      topology: input.topology,
      directCap: input.directCap,
    })
    if (!changed) return
    await giveMissingNumbers(sqlIn(tx), network.id)
    const read = refuseOther(await readNetworkInput(sqlIn(tx), network.id), organizationId)
    const { appear, go } = planTopology(await withLanAddresses(sqlIn(tx), read), input)
    const revision = await bumpRevision(tx, network.id)
    await tx.network.update({ where: { id: network.id }, data: changed.data })
    await keepAddresses(tx, await withLanAddresses(sqlIn(tx), read))
    // In a hub nothing of direct paths is followed: from here on it is, for all of them.
    await tx.node.updateMany({
      where: { networkId: network.id, ordinal: { not: null } },
      data: { changedRevision: revision },
    })
    if (input.topology !== 'mesh') await tx.directPair.deleteMany({ where: { networkId: network.id } })
    await audit(tx, ctx, {
      action: 'network.topology',
      network: network.id,
      subject: { kind: 'network', id: network.id, name: network.name },
      before: changed.before,
      after: { ...(changed.after as object), tunnelsAppear: appear, tunnelsGo: go },
    })
  })
  return getNetwork(ctx, { id: input.id })
}

async function keepAddresses(tx: Tx, { input }: Awaited<ReturnType<typeof withLanAddresses>>): Promise<void> {
  const rows = input.nodes.map(({ id, lanAddresses }) => ({ id, addresses: lanAddresses ?? [] }))
  await tx.$executeRaw`
    UPDATE nodes n SET lan_addresses = ARRAY(SELECT jsonb_array_elements_text(u.addresses))
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS u(id uuid, addresses jsonb)
     WHERE n.id = u.id AND n.lan_addresses = '{}'`
}
