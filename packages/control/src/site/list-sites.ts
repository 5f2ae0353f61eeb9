import { z } from 'zod'
import type { Context } from '../context.ts'
import { visibleNetwork } from '../network/visible-network.ts'
import { requireRole } from '../require-role.ts'
import { readSiteRows } from './read-site-row.ts'
import { SiteRow } from './site-row.ts'

export const ListSites = z.object({ network: z.uuid() })
export const ListSitesOutput = z.array(SiteRow)

export async function listSites(ctx: Context, input: z.infer<typeof ListSites>): Promise<SiteRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await visibleNetwork(ctx, organizationId, input.network)
  return readSiteRows(ctx, organizationId, { network: network.id })
}
