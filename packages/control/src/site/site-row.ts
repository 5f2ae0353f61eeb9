import { z } from 'zod'

export const SiteRow = z.object({ id: z.string(), name: z.string(), nodes: z.number() })
export type SiteRow = z.infer<typeof SiteRow>
