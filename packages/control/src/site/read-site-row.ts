import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { type SiteRow, toSiteRow } from './site-row.ts'

/** Of the organization: one, or all of a network in the order of their names. */
export async function readSiteRows(
  ctx: Pick<Context, 'db'>,
  organizationId: string,
  where: { readonly id: string } | { readonly network: string },
): Promise<SiteRow[]> {
  const sites = await ctx.db.prisma.site.findMany({
    where: { network: { organizationId }, ...('id' in where ? { id: where.id } : { networkId: where.network }) },
    include: {
      _count: { select: { nodes: true } },
      firstGateway: { select: { id: true, name: true } },
      secondGateway: { select: { id: true, name: true } },
    },
  })
  const rows = sites.map((site) => toSiteRow(site, site._count.nodes, [site.firstGateway, site.secondGateway]))
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
}

export async function readSiteRow(ctx: Pick<Context, 'db'>, organizationId: string, id: string): Promise<SiteRow> {
  const [row] = await readSiteRows(ctx, organizationId, { id })
  if (!row) throw new Refusal('NOT_FOUND', 'There is no such site.')
  return row
}
