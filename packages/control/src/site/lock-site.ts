import type { Network, Site, Tx } from '../db.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'

export async function lockSite(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<{ readonly site: Site; readonly network: Network }> {
  const found = await tx.site.findFirst({ where: { id, network: { organizationId } }, select: { networkId: true } })
  const network = found && (await lockNetwork(tx, organizationId, found.networkId))
  const site = await tx.site.findUnique({ where: { id } })
  if (!network || !site) throw new Refusal('NOT_FOUND', 'There is no such site.')
  return { site, network }
}

export async function refuseTakenSiteName(tx: Tx, networkId: string, name: string, exceptId?: string): Promise<void> {
  const taken = await tx.site.findFirst({
    // Two that differ in capitals alone would be one to whoever reads them.
    where: { networkId, name: { equals: name, mode: 'insensitive' }, ...(exceptId && { id: { not: exceptId } }) },
    select: { name: true },
  })
  if (!taken) return
  throw new Refusal('CONFLICT', `A site of this network is called ${taken.name} already.`, {
    field: 'name',
    reason: 'name-taken',
    fix: 'Choose another name.',
  })
}
