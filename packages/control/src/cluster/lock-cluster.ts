import type { Cluster, Network, Tx } from '../db.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'

/** The cluster of a network until the transaction ends. */
export async function lockCluster(
  tx: Tx,
  organizationId: string,
  networkId: string,
): Promise<{ readonly network: Network; readonly cluster: Cluster }> {
  const network = await lockNetwork(tx, organizationId, networkId)
  const cluster = await tx.cluster.findUnique({ where: { networkId: network.id } })
  if (!cluster) throw new Refusal('NOT_FOUND', 'This network has no cluster.')
  return { network, cluster }
}
