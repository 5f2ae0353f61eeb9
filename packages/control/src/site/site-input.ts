import { parsePlace } from '@spanwire/mesh/names/parse-place'
import { z } from 'zod'
import { accept } from '../accept.ts'

/** What the nodes of a site are labelled with in Kubernetes: topology.kubernetes.io/zone and /region. Null or nothing: none given. */
export const SitePlace = z.object({
  zone: z.string().max(300).nullable().optional(),
  region: z.string().max(300).nullable().optional(),
})

type Place = { zone?: string | null; region?: string | null }

/** Only what was said. */
export function acceptPlace({ zone, region }: z.infer<typeof SitePlace>): Place {
  return {
    ...(zone !== undefined && { zone: accept(parsePlace(zone ?? '', 'zone'), 'zone') }),
    ...(region !== undefined && { region: accept(parsePlace(region ?? '', 'region'), 'region') }),
  }
}
