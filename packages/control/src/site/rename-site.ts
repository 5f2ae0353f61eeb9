import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockSite, refuseTakenSiteName } from './lock-site.ts'
import { SiteRow } from './site-row.ts'

export const RenameSite = z.object({ id: z.uuid(), name: z.string().max(300) })
export const RenameSiteOutput = SiteRow

export async function renameSite(ctx: Context, input: z.infer<typeof RenameSite>): Promise<SiteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const name = accept(parseSiteName(input.name), 'name')
  return inTransaction(ctx, async (tx) => {
    const { site, network } = await lockSite(tx, organizationId, input.id)
    const nodes = await tx.node.count({ where: { siteId: site.id } })
    if (name === site.name) return { id: site.id, name, nodes }
    await refuseTakenSiteName(tx, network.id, name, site.id)
    await tx.site.update({ where: { id: site.id }, data: { name } })
    await audit(tx, ctx, {
      action: 'site.rename',
      network: network.id,
      subject: { kind: 'site', id: site.id, name },
      before: { name: site.name },
      after: { name },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return { id: site.id, name, nodes }
  })
}
