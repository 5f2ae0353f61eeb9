import { z } from 'zod'
import type { Context } from '../context.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { requireRole } from '../require-role.ts'
import { SiteRow, toSiteRow } from './site-row.ts'

export const ListSites = z.object({ network: z.uuid() })
export const ListSitesOutput = z.array(SiteRow)

export async function listSites(ctx: Context, input: z.infer<typeof ListSites>): Promise<SiteRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await visibleNetwork(ctx, organizationId, input.network)
  const { rows } = await ctx.db.pool.query<Omit<SiteRow, 'zoneLabel'>>(
    `select s.id, s.name, s.zone, s.region, count(n.id)::int nodes from sites s left join nodes n on n.site_id = s.id
      where s.network_id = $1 group by s.id order by s.name`,
    [network.id],
  )
  return rows.map((row) => toSiteRow(row, row.nodes))
}
