/** One tunnel as a node's page shows it: this end's counters, both ends' verdict. */
import { z } from 'zod'
import { NodeRole } from './node-row.ts'

export const LinkStatus = z.enum(['up', 'one-way', 'down', 'stale', 'unknown'])
export type LinkStatus = z.infer<typeof LinkStatus>

export const LinkView = z
  .object({
    peerId: z.string(),
    peerName: z.string(),
    peerRole: NodeRole,
    interfaceName: z.string(),
    status: LinkStatus,
    /** a direct path that is not alive: gateways carry for it, and the node's fact does not count it */
    isMissedDirect: z.boolean(),
    text: z.string(),
    evidenceAt: z.string().nullable(),
    rttMs: z.number().nullable(),
    handshakeAt: z.string().nullable(),
    /** where the peer's packets come from */
    endpoint: z.string().nullable(),
    rxBytes: z.number(),
    txBytes: z.number(),
    rxRate: z.number().nullable(),
    txRate: z.number().nullable(),
    /** 0..1 of the pings since the script started */
    loss: z.number().nullable(),
  })
  .meta({ id: 'LinkView' })
export type LinkView = z.infer<typeof LinkView>
