/** A cluster and its nodes as the console and scripts read them. */
import { z } from 'zod'
import { ClusterSettingsInput } from './cluster-input.ts'

export const ClusterFinding = z.object({
  severity: z.enum(['refuse', 'warn']),
  field: z.string(),
  text: z.string(),
  fix: z.string(),
})
export type ClusterFinding = z.infer<typeof ClusterFinding>

export const ClusterRole = z.enum(['server', 'agent'])

export const ClusterNodeRow = z
  .object({
    nodeId: z.string(),
    nodeName: z.string(),
    role: ClusterRole,
    /** makes, or made, the cluster */
    first: z.boolean(),
    kubernetesName: z.string(),
    labels: z.record(z.string(), z.string()),
    taints: z.array(z.string()),
    address4: z.string().nullable(),
    /** what it does next, or waits for */
    doing: z.string(),
    ready: z.boolean().nullable(),
    /** Kubernetes' word for it, and since when */
    reason: z.string().nullable(),
    since: z.string().nullable(),
    /** why, with what we know of its tunnels */
    text: z.string(),
    internalIp: z.string().nullable(),
    /** INTERNAL-IP is the overlay address */
    addressFits: z.boolean().nullable(),
    podRanges: z.array(z.string()),
    podAnsweredAt: z.string().nullable(),
    podRttMs: z.number().nullable(),
    version: z.string().nullable(),
    cordoned: z.boolean(),
    service: z.string().nullable(),
    certificateUntil: z.string().nullable(),
    failure: z.object({ step: z.string(), code: z.string(), text: z.string(), fix: z.string() }).nullable(),
    /** of what the node itself says, and of what a server of the cluster saw */
    saidAt: z.string().nullable(),
    seenAt: z.string().nullable(),
    removal: z
      .array(z.object({ step: z.string(), state: z.string(), text: z.string(), at: z.string().nullable() }))
      .nullable(),
  })
  .meta({ id: 'ClusterNode' })
export type ClusterNodeRow = z.infer<typeof ClusterNodeRow>

export const ClusterDetail = z
  .object({
    id: z.string(),
    networkId: z.string(),
    settings: ClusterSettingsInput,
    hasDatastoreEndpoint: z.boolean(),
    /** the first server has told its token and certificate */
    made: z.boolean(),
    findings: z.array(ClusterFinding),
    nodes: z.array(ClusterNodeRow),
    createdAt: z.string(),
  })
  .meta({ id: 'Cluster' })
export type ClusterDetail = z.infer<typeof ClusterDetail>
