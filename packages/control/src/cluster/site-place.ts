import { siteLabel } from '@spanwire/mesh/cluster/cluster-node'

type Site = { readonly siteName: string | null; readonly zone: string | null; readonly region: string | null }

/** Zone and region of the nodes of a site. Without a zone of its own it is the site's name, as far as a label can say it. */
export function placeOfSite({ siteName, zone, region }: Site): { zone: string | null; region: string | null } {
  return { zone: zone ?? (siteName === null ? null : siteLabel(siteName)), region }
}
