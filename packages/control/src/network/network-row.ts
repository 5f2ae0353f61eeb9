/** A network as the list shows it. */
import { z } from 'zod'
import { Severity } from '../node/problem.ts'

export const NetworkCounts = z.object({
  nodes: z.number(),
  gateways: z.number(),
  sites: z.number(),
  reporting: z.number(),
  tunnelsUp: z.number(),
  tunnelsKnown: z.number(),
  invited: z.number(),
})

export const NetworkRow = z
  .object({
    id: z.string(),
    name: z.string(),
    cidr4: z.string(),
    cidr6: z.string(),
    interfaceName: z.string(),
    listenPort: z.number(),
    mtu: z.number(),
    keepaliveSeconds: z.number(),
    /** who may be reached directly: nobody, those of one site, all that talk */
    topology: z.enum(['hub', 'sites', 'mesh']),
    /** how many direct peers a node has at most */
    directCap: z.number(),
    epoch: z.number(),
    revision: z.number(),
    simulated: z.boolean(),
    restoredAt: z.string().nullable(),
    createdAt: z.string(),
    counts: NetworkCounts,
    /** bytes per second, summed over the nodes that report */
    rates: z.object({ rx: z.number(), tx: z.number() }),
    /** bytes per second both ways over the last hour, oldest first, in steps of 5 minutes; empty when nothing was measured */
    traffic: z.array(z.number()),
    problem: z.object({ severity: Severity, text: z.string() }).nullable(),
  })
  .meta({ id: 'NetworkRow' })
export type NetworkRow = z.infer<typeof NetworkRow>
