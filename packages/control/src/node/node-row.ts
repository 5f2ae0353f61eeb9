/** A node as the table shows it. */
import { z } from 'zod'
import { NodeFacts } from './fact.ts'

export const NodeRole = z.enum(['gateway', 'member'])
export const NodeState = z.enum(['invited', 'enrolled', 'active', 'paused', 'quarantined'])
export const Labels = z.record(z.string(), z.string())

/** What the network wants of the node, and what it confirmed. */
export const RevisionState = z.object({
  desired: z.number(),
  applied: z.number().nullable(),
  epochApplied: z.number().nullable(),
  current: z.boolean(),
  /** since when it is not */
  pendingSince: z.string().nullable(),
})

export const NodeRow = z
  .object({
    id: z.string(),
    networkId: z.string(),
    name: z.string(),
    role: NodeRole,
    state: NodeState,
    siteId: z.string().nullable(),
    siteName: z.string().nullable(),
    labels: Labels,
    /** by which policies mean it, without `tag:` in front */
    tags: z.array(z.string()),
    endpoint: z.string().nullable(),
    /** a gateway that shall carry nobody any more */
    draining: z.boolean(),
    /** when nobody was left on it */
    drainedAt: z.string().nullable(),
    address4: z.string().nullable(),
    address6: z.string().nullable(),
    facts: NodeFacts,
    /** 0..1 of all processors */
    cpu: z.number().nullable(),
    load1: z.number().nullable(),
    /** 0..1 */
    memoryUsed: z.number().nullable(),
    /** 0..1 of the root file system */
    diskUsed: z.number().nullable(),
    /** bytes per second over all tunnels */
    rxRate: z.number().nullable(),
    txRate: z.number().nullable(),
    reportedAt: z.string().nullable(),
    scriptVersion: z.string().nullable(),
    kernel: z.string().nullable(),
    os: z.string().nullable(),
    wireguard: z.string().nullable(),
    revision: RevisionState,
    createdAt: z.string(),
    enrolledAt: z.string().nullable(),
  })
  .meta({ id: 'NodeRow' })
export type NodeRow = z.infer<typeof NodeRow>
