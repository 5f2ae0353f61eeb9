import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import { changes } from '../changes.ts'
import { wakeCluster } from '../cluster/wake-cluster.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { wakePolicy } from '../policy/wake-policy.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockSite, refuseTakenSiteName } from './lock-site.ts'
import { readSiteRow } from './read-site-row.ts'
import { acceptPlace, SitePlace } from './site-input.ts'
import { SiteRow } from './site-row.ts'

export const UpdateSite = z.object({ id: z.uuid(), name: z.string().max(300).optional(), ...SitePlace.shape })
export const UpdateSiteOutput = SiteRow

/** Zone and region are labels in Kubernetes: a server of the cluster sets them on nodes that have registered, without a restart. */
export async function updateSite(ctx: Context, input: z.infer<typeof UpdateSite>): Promise<SiteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const wanted = {
    ...(input.name !== undefined && { name: accept(parseSiteName(input.name), 'name') }),
    ...acceptPlace(input),
  }
  await inTransaction(ctx, async (tx) => {
    const { site, network } = await lockSite(tx, organizationId, input.id)
    const changed = changes<{ name?: string; zone?: string | null; region?: string | null }>(site, wanted)
    if (!changed) return
    if (changed.data.name !== undefined) await refuseTakenSiteName(tx, network.id, changed.data.name, site.id)
    await wakeCluster(tx, network.id)
    await wakePolicy(tx, network.id)
    const after = await tx.site.update({ where: { id: site.id }, data: changed.data })
    await audit(tx, ctx, {
      action: 'site.update',
      network: network.id,
      subject: { kind: 'site', id: site.id, name: after.name },
      before: changed.before,
      after: changed.after,
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
  })
  return readSiteRow(ctx, organizationId, input.id)
}
