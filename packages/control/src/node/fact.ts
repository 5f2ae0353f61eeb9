/** One of the three facts of a node, never mixed: it reports, its tunnels carry, its cluster membership is Ready. */
import { z } from 'zod'

export const FactStatus = z.enum(['good', 'warn', 'bad', 'unknown', 'none'])
export type FactStatus = z.infer<typeof FactStatus>

export const Fact = z
  .object({
    status: FactStatus,
    text: z.string(),
    /** Of the evidence; null when there is none. */
    at: z.string().nullable(),
  })
  .meta({ id: 'Fact' })
export type Fact = z.infer<typeof Fact>

export const NodeFacts = z.object({ reporting: Fact, tunnels: Fact, cluster: Fact })
export type NodeFacts = z.infer<typeof NodeFacts>
