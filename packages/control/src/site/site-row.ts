import { z } from 'zod'
import { placeOfSite } from '../cluster/site-place.ts'
import type { Site } from '../db.ts'

export const SiteRow = z
  .object({
    id: z.string(),
    name: z.string(),
    nodes: z.number(),
    /** as they were given */
    zone: z.string().nullable(),
    region: z.string().nullable(),
    /** of its nodes in Kubernetes: without a zone it is made of the name */
    zoneLabel: z.string().nullable(),
    /** that carry its nodes, in order; none: as the network has them */
    gateways: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'SiteRow' })
export type SiteRow = z.infer<typeof SiteRow>

export function toSiteRow(
  { id, name, zone, region }: Pick<Site, 'id' | 'name' | 'zone' | 'region'>,
  nodes: number,
  gateways: readonly ({ readonly id: string; readonly name: string } | null)[],
): SiteRow {
  const zoneLabel = placeOfSite({ siteName: name, zone, region }).zone
  return { id, name, nodes, zone, region, zoneLabel, gateways: gateways.filter((gateway) => gateway !== null) }
}
