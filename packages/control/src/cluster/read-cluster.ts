/** A cluster's rows with what is known of each of its machines, in one form for all who judge them. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { KubeNode } from '@spanwire/mesh/cluster/node-status'
import type { Placement } from '@spanwire/mesh/cluster/placement'
import type { Context } from '../context.ts'
import { milliseconds } from '../node/read-nodes.ts'
import type { Labelling } from './placing.ts'
import type { Rollout } from './rollout-record.ts'

export type ClusterRecord = {
  id: string
  networkId: string
  organizationId: string
  settings: ClusterSettings
  hasDatastore: boolean
  hasServerToken: boolean
  caPem: string | null
  rollout: Rollout | null
  createdAt: number
}

export type Failure = { step: string; code: string; text: string }

/** What the node's k3s part says, as `:k3s` of its report has it. */
export type Said = {
  service: string
  version: string | null
  applied: string | null
  subnet4: string | null
  subnet6: string | null
  mtu: number | null
  failure: Failure | null
  /** milliseconds */
  certificateUntil: number | null
}

/** What a server of the cluster showed of it. */
export type Seen = KubeNode & {
  podAnsweredAt: string | null
  podRttMs: number | null
  /** Since this moment at least its kubelet has spoken to the cluster: of two lists with different leases the time of the older. */
  heardSince?: number | null
}

export type RemovalFact = { state: 'asked' | 'done' | 'failed' | 'skipped'; text: string; at: string }

/** By step; removal-steps.ts has their order. Empty when it was asked for and nothing was done yet. */
export type Removal = Partial<Record<string, RemovalFact>>

export type MemberRecord = {
  nodeId: string
  nodeName: string
  nodeState: string
  role: 'server' | 'agent'
  first: boolean
  kubernetesName: string
  labels: Record<string, string>
  taints: string[]
  siteName: string | null
  /** of the site; null: its name */
  zone: string | null
  region: string | null
  /** what its k3s registered with */
  registered: Placement | null
  labelling: Labelling | null
  ordinal: number | null
  hasJoinToken: boolean
  joinTokenUntil: number | null
  /** when it was told to install */
  clearedAt: number | null
  podCidr4: string | null
  podCidr6: string | null
  said: Said | null
  saidAt: number | null
  seen: Seen | null
  seenAt: number | null
  seenBy: string | null
  removal: Removal | null
  reportedAt: number | null
  /** when a tunnel of it was last proved to carry, by either end */
  heardAt: number | null
}

export async function readCluster(
  ctx: Pick<Context, 'db'>,
  organizationId: string | null,
  networkId: string,
): Promise<{ cluster: ClusterRecord; members: MemberRecord[] } | null> {
  const { rows } = await ctx.db.pool.query<ClusterRecord>(
    `select c.id, c.network_id "networkId", w.organization_id "organizationId", c.settings, c.datastore is not null "hasDatastore",
        c.server_token is not null "hasServerToken", c.ca_pem "caPem", c.rollout, ${milliseconds('c.created_at')} "createdAt"
      from clusters c join networks w on w.id = c.network_id
      where c.network_id = $1 and ($2::uuid is null or w.organization_id = $2)`,
    [networkId, organizationId],
  )
  const [cluster] = rows
  if (!cluster) return null
  const members = await ctx.db.pool.query<MemberRecord>(
    `select m.node_id "nodeId", n.name "nodeName", n.state::text "nodeState", m.role::text, m.first, m.kubernetes_name "kubernetesName",
        m.labels, m.taints, m.registered, m.labelling, s.name "siteName", s.zone, s.region, n.ordinal, m.join_token is not null "hasJoinToken", ${milliseconds('m.join_token_until')} "joinTokenUntil",
        ${milliseconds('m.cleared_at')} "clearedAt",
        m.pod_cidr4 "podCidr4", m.pod_cidr6 "podCidr6", m.said, ${milliseconds('m.said_at')} "saidAt", m.seen, ${milliseconds('m.seen_at')} "seenAt", m.seen_by "seenBy", m.removal,
        ${milliseconds('t.reported_at')} "reportedAt",
        (select ${milliseconds('max(l.heard_at)')} from links l where l.node_id = n.id or l.peer_id = n.id) "heardAt"
      from cluster_nodes m join nodes n on n.id = m.node_id left join node_status t on t.node_id = n.id
      left join sites s on s.id = n.site_id
      where m.cluster_id = $1 order by n.name`,
    [cluster.id],
  )
  return { cluster, members: members.rows }
}
