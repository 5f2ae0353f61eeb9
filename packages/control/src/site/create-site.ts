import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { refuseTakenSiteName } from './lock-site.ts'
import { acceptPlace, SitePlace } from './site-input.ts'
import { SiteRow, toSiteRow } from './site-row.ts'

export const CreateSite = z.object({ networkId: z.uuid(), name: z.string().max(300), ...SitePlace.shape })
export const CreateSiteOutput = SiteRow

export async function createSite(ctx: Context, input: z.infer<typeof CreateSite>): Promise<SiteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  const name = accept(parseSiteName(input.name), 'name')
  const { zone = null, region = null } = acceptPlace(input)
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    await refuseTakenSiteName(tx, network.id, name)
    const site = await tx.site.create({ data: { networkId: network.id, name, zone, region, createdAt: ctx.now() } })
    await audit(tx, ctx, {
      action: 'site.create',
      network: network.id,
      subject: { kind: 'site', id: site.id, name },
      after: { name, ...(zone && { zone }), ...(region && { region }) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return toSiteRow(site, 0, [])
  })
}
