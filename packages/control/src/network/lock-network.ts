import type { Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'

/** The network until the transaction ends. Every write within a network begins here, so they come one after the other. */
export async function lockNetwork(tx: Tx, organizationId: string, id: string): Promise<Network> {
  await tx.$queryRaw`
    SELECT id FROM networks WHERE id = ${id}::uuid AND organization_id = ${organizationId}::uuid FOR NO KEY UPDATE`
  const network = await tx.network.findFirst({ where: { id, organizationId } })
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return network
}
