import { z } from 'zod'

export const SiteRow = z.object({ id: z.string(), name: z.string(), nodes: z.number() }).meta({ id: 'SiteRow' })
export type SiteRow = z.infer<typeof SiteRow>
