/** What is really connected to what: edges are measurements, none is drawn because it was configured. */
import { z } from 'zod'
import { LinkStatus } from '../node/link-view.ts'
import { NodeRow } from '../node/node-row.ts'

/** Of a node what the picture and its panel show. */
export const TopologyNode = NodeRow.pick({
  id: true,
  name: true,
  role: true,
  state: true,
  siteId: true,
  siteName: true,
  labels: true,
  address4: true,
  facts: true,
  rxRate: true,
  txRate: true,
}).meta({ id: 'TopologyNode' })
export type TopologyNode = z.infer<typeof TopologyNode>

/** One end's own words. */
export const EndSees = z.object({
  state: z.enum(['alive', 'dead', 'unknown']),
  reportedAt: z.string(),
  heardAt: z.string().nullable(),
  handshakeAt: z.string().nullable(),
  endpoint: z.string().nullable(),
  rttMs: z.number().nullable(),
  /** 0..1 */
  loss: z.number().nullable(),
  rxRate: z.number().nullable(),
  txRate: z.number().nullable(),
})
export type EndSees = z.infer<typeof EndSees>

export const TopologyEdge = z
  .object({
    id: z.string(),
    /** Node ids; a < b. */
    a: z.string(),
    b: z.string(),
    kind: z.enum(['gateway', 'direct', 'lan']),
    status: LinkStatus,
    /** a direct path that is not alive: gateways carry for it, and no node's fact counts it */
    isMissedDirect: z.boolean(),
    text: z.string(),
    evidenceAt: z.string().nullable(),
    rttMs: z.number().nullable(),
    /** 0..1, the worse of the two ends */
    loss: z.number().nullable(),
    /** bytes per second, both ways together */
    rate: z.number(),
    aSees: EndSees.nullable(),
    bSees: EndSees.nullable(),
  })
  .meta({ id: 'TopologyEdge' })
export type TopologyEdge = z.infer<typeof TopologyEdge>

export const Topology = z
  .object({
    network: z.object({ id: z.string(), name: z.string(), revision: z.number() }),
    nodes: z.array(TopologyNode),
    edges: z.array(TopologyEdge),
    sites: z.array(z.object({ id: z.string(), name: z.string() })),
    at: z.string(),
  })
  .meta({ id: 'Topology' })
export type Topology = z.infer<typeof Topology>
