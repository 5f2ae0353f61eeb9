/** A cluster and its nodes as the console and scripts read them. */
import { z } from 'zod'
import { FactStatus } from '../node/fact.ts'
import { ClusterSettingsInput } from './cluster-input.ts'

export const ClusterFinding = z.object({
  severity: z.enum(['refuse', 'warn']),
  field: z.string(),
  text: z.string(),
  fix: z.string(),
})
export type ClusterFinding = z.infer<typeof ClusterFinding>

export const ClusterRole = z.enum(['server', 'agent'])

export const ClusterFailure = z.object({
  step: z.string(),
  code: z.string(),
  text: z.string(),
  fix: z.string(),
  /** What can be done about it here. */
  offers: z.enum(['forget-password']).nullable(),
})

/** How many things were found on its machine, by weight; null while it has told nothing. */
export const PreflightCounts = z.object({ critical: z.number(), warning: z.number(), info: z.number() })
export type PreflightCounts = z.infer<typeof PreflightCounts>

export const RemovalStepName = z.enum(['cordon', 'drain', 'delete', 'password', 'uninstall', 'leave'])
export type RemovalStepName = z.infer<typeof RemovalStepName>

export const RemovalStepRow = z.object({
  step: RemovalStepName,
  title: z.string(),
  state: z.enum(['waiting', 'asked', 'done', 'failed', 'skipped']),
  text: z.string(),
  at: z.string().nullable(),
  canRepeat: z.boolean(),
  canSkip: z.boolean(),
})
export type RemovalStepRow = z.infer<typeof RemovalStepRow>

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
    /** of its site, as Kubernetes is to label it */
    zone: z.string().nullable(),
    region: z.string().nullable(),
    /** labels, taints, zone or region that changed after it registered, on their way to Kubernetes */
    labelling: z
      .object({
        state: z.enum(['waiting', 'asked', 'done', 'failed']),
        text: z.string(),
        at: z.string().nullable(),
      })
      .nullable(),
    address4: z.string().nullable(),
    /** what it does next, or waits for */
    doing: z.string(),
    ready: z.boolean().nullable(),
    /** Kubernetes' word for it, and since when */
    reason: z.string().nullable(),
    since: z.string().nullable(),
    /** how it is in the cluster, and why, with what is known of its tunnels */
    status: FactStatus,
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
    certificate: z.object({ status: FactStatus, text: z.string() }).nullable(),
    failure: ClusterFailure.nullable(),
    preflight: PreflightCounts.nullable(),
    /** of what the node itself says, and of what a server of the cluster saw */
    saidAt: z.string().nullable(),
    seenAt: z.string().nullable(),
    removal: z.array(RemovalStepRow).nullable(),
  })
  .meta({ id: 'ClusterNode' })
export type ClusterNodeRow = z.infer<typeof ClusterNodeRow>

export const RolloutRow = z
  .object({
    state: z.enum(['running', 'stopped']),
    sentence: z.string(),
    fix: z.string().nullable(),
    startedAt: z.string(),
    startedBy: z.string(),
    nodes: z.array(
      z.object({
        nodeId: z.string(),
        name: z.string(),
        state: z.enum(['waiting', 'applying', 'done', 'failed']),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'ClusterRollout' })
export type RolloutRow = z.infer<typeof RolloutRow>

export const ClusterDetail = z
  .object({
    id: z.string(),
    networkId: z.string(),
    settings: ClusterSettingsInput,
    hasDatastoreEndpoint: z.boolean(),
    /** the first server has told its token and certificate */
    made: z.boolean(),
    /** of its certificate authority, as tokens name it */
    caSha256: z.string().nullable(),
    findings: z.array(ClusterFinding),
    nodes: z.array(ClusterNodeRow),
    rollout: RolloutRow.nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'Cluster' })
export type ClusterDetail = z.infer<typeof ClusterDetail>
