/**
 * Nodes with their last report, straight from SQL: Prisma would make objects, dates and big numbers of 5,000 rows that are judged
 * and thrown away. Times come as milliseconds, which the rules of mesh/health take.
 */
import type { z } from 'zod'
import type { Failure, Seen } from '../cluster/read-cluster.ts'
import type { Context } from '../context.ts'
import type { NodeRole, NodeState } from './node-row.ts'

export type NodeScope = { readonly network: string } | { readonly node: string } | 'organization'

export type NodeRecord = {
  id: string
  networkId: string
  name: string
  role: z.infer<typeof NodeRole>
  state: z.infer<typeof NodeState>
  siteId: string | null
  siteName: string | null
  labels: Record<string, string>
  tags: string[]
  endpoint: string | null
  draining: boolean
  drainedAt: number | null
  ordinal: number | null
  quarantineReason: string | null
  createdAt: number
  enrolledAt: number | null
  cidr4: string
  cidr6: string
  /** of the network; the further ones of a node have a letter more */
  interfaceName: string
  revision: number
  epoch: number
  reportedAt: number | null
  appliedEpoch: number | null
  appliedRevision: number | null
  behindSince: number | null
  scriptVersion: string | null
  knowsPolicy: boolean | null
  uptimeSeconds: number | null
  clockSkewMs: number | null
  load1: number | null
  cpu: number | null
  memoryTotalKb: number | null
  memoryFreeKb: number | null
  diskTotalKb: number | null
  diskFreeKb: number | null
  rxRate: number | null
  txRate: number | null
  kernel: string | null
  os: string | null
  wireguard: string | null
  notes: { code: string; text: string }[]
  /** the gateway that carries it: that of its first slot, or the first of the network */
  hubId: string | null
  hubName: string | null
  clusterId: string | null
  clusterRole: 'server' | 'agent' | null
  kubernetesName: string | null
  clusterFailure: Failure | null
  saidAt: number | null
  seen: Seen | null
  seenAt: number | null
}

export async function readNodes(
  ctx: Pick<Context, 'db'>,
  organizationId: string,
  scope: NodeScope,
): Promise<NodeRecord[]> {
  const { where, values } = within(scope)
  const { rows } = await ctx.db.pool.query<NodeRecord>({
    name: `read-nodes-${where}`,
    text: `${SELECT} and ${where} order by n.name`,
    values: [organizationId, ...values],
  })
  return rows
}

/** A part of the organization, which is always the first parameter. `n` is the node. */
export function within(scope: NodeScope): { where: string; values: string[] } {
  if (scope === 'organization') return { where: 'true', values: [] }
  if ('network' in scope) return { where: 'n.network_id = $2', values: [scope.network] }
  return { where: 'n.id = $2', values: [scope.node] }
}

export const milliseconds = (column: string): string => `date_part('epoch', ${column}) * 1000`

const SELECT = `
  with gateways as (
    select network_id, id, name, ordinal from nodes
      where role = 'gateway' and state in ('enrolled', 'active') and ordinal is not null)
  select n.id, n.network_id "networkId", n.name, n.role, n.state, n.site_id "siteId", s.name "siteName", n.labels, n.tags, n.endpoint,
    n.draining, ${milliseconds('n.drained_at')} "drainedAt",
    n.ordinal, n.quarantine_reason "quarantineReason", ${milliseconds('n.created_at')} "createdAt",
    ${milliseconds('n.enrolled_at')} "enrolledAt", w.cidr4::text, w.cidr6::text, w.interface_name "interfaceName", w.revision::float8, w.epoch,
    ${milliseconds('t.reported_at')} "reportedAt", t.applied_epoch "appliedEpoch", t.applied_revision::float8 "appliedRevision",
    ${milliseconds('t.behind_since')} "behindSince", t.script_version "scriptVersion", t.knows_policy "knowsPolicy", t.uptime_seconds "uptimeSeconds",
    t.clock_skew_ms "clockSkewMs", t.load1, t.cpu, t.memory_total_kb::float8 "memoryTotalKb",
    t.memory_free_kb::float8 "memoryFreeKb", t.disk_total_kb::float8 "diskTotalKb", t.disk_free_kb::float8 "diskFreeKb",
    t.rx_rate "rxRate", t.tx_rate "txRate", t.facts->>'kernel' kernel, t.facts->>'os' os, t.facts->>'wireguard' wireguard,
    coalesce(t.notes, '[]') notes, h.id "hubId", h.name "hubName", c.id "clusterId", m.role::text "clusterRole",
    m.kubernetes_name "kubernetesName", m.said->'failure' "clusterFailure", ${milliseconds('m.said_at')} "saidAt", m.seen,
    ${milliseconds('m.seen_at')} "seenAt"
  from nodes n
    join networks w on w.id = n.network_id
    left join sites s on s.id = n.site_id
    left join node_status t on t.node_id = n.id
    left join gateways h on h.id = coalesce(
      (select g.id from gateways g where g.id = case n.slot_first when 'b' then n.slot_b else n.slot_a end),
      (select g.id from gateways g where g.network_id = n.network_id order by g.ordinal limit 1))
    left join clusters c on c.network_id = n.network_id
    left join cluster_nodes m on m.node_id = n.id
  where w.organization_id = $1`
