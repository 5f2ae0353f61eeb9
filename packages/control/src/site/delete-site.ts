import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import { wakeCluster } from '../cluster/wake-cluster.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { siteCounts } from '../network/site-counts.ts'
import { wakePolicy } from '../policy/wake-policy.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockSite } from './lock-site.ts'

export const DeleteSite = z.object({ id: z.uuid() })
export const DeleteSiteOutput = z.object({ id: z.string(), name: z.string() })

/** Its nodes and join keys stay, without a site: nothing is cut, and those that were direct by it are carried. */
export async function deleteSite(
  ctx: Context,
  input: z.infer<typeof DeleteSite>,
): Promise<z.infer<typeof DeleteSiteOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  return inTransaction(ctx, async (tx) => {
    const { site, network } = await lockSite(tx, organizationId, input.id)
    const nodes = await tx.node.findMany({
      where: { siteId: site.id },
      select: { name: true },
      orderBy: { name: 'asc' },
    })
    await wakeCluster(tx, network.id)
    await wakePolicy(tx, network.id)
    if (await siteCounts(tx, network.id)) {
      const changedRevision = await bumpRevision(tx, network.id)
      await tx.node.updateMany({ where: { siteId: site.id }, data: { changedRevision } })
    }
    await tx.site.delete({ where: { id: site.id } })
    await audit(tx, ctx, {
      action: 'site.delete',
      network: network.id,
      subject: { kind: 'site', id: site.id, name: site.name },
      before: { name: site.name, zone: site.zone, region: site.region, nodes: nodes.map(({ name }) => name) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return { id: site.id, name: site.name }
  })
}
