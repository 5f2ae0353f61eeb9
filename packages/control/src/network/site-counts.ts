import type { Tx } from '../db.ts'

/** Whether tunnels follow sites: where some are direct, and where a site has gateways of its own. */
export async function siteCounts(tx: Tx, networkId: string): Promise<boolean> {
  const direct = await tx.network.count({ where: { id: networkId, topology: { not: 'hub' } } })
  return direct > 0 || (await tx.site.count({ where: { networkId, firstGatewayId: { not: null } } })) > 0
}
