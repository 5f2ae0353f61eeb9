/**
 * Both ends' views of tunnels, each as in its reporter's last report. Left out: what about a node that is not at work (its peers
 * dropped it on purpose), and what a later report of the same node does not mention any more.
 */
import type { Context } from '../context.ts'
import { milliseconds, type NodeScope } from './read-nodes.ts'

export type LinkRecord = {
  nodeId: string
  peerId: string
  interfaceName: string
  reportedAt: number
  state: 'alive' | 'dead' | 'unknown'
  sinceAt: number | null
  heardAt: number | null
  handshakeAt: number | null
  endpoint: string | null
  rttMs: number | null
  sent: number
  lost: number
  rxBytes: number
  txBytes: number
  rxRate: number | null
  txRate: number | null
  /** when the reporter called the peer last, on a direct path that is not alive */
  triedAt: number | null
  /** when it calls next; null while it does */
  nextTryAt: number | null
}

export async function readLinks(
  ctx: Pick<Context, 'db'>,
  organizationId: string,
  scope: NodeScope,
): Promise<LinkRecord[]> {
  const { where, values } = touching(scope)
  const { rows } = await ctx.db.pool.query<LinkRecord>({
    name: `read-links-${where}`,
    text: `${SELECT} and ${where}`,
    values: [organizationId, ...values],
  })
  return rows
}

function touching(scope: NodeScope): { where: string; values: string[] } {
  if (scope === 'organization') return { where: 'true', values: [] }
  if ('network' in scope) return { where: 'n.network_id = $2', values: [scope.network] }
  return { where: '(l.node_id = $2 or l.peer_id = $2)', values: [scope.node] }
}

// Reports and links are written together; the margin is for two processes that write the same node.
const OUTLIVES_SECONDS = 60

const SELECT = `
  select l.node_id "nodeId", l.peer_id "peerId", l.interface_name "interfaceName", ${milliseconds('l.reported_at')} "reportedAt",
    l.state, ${milliseconds('l.since_at')} "sinceAt", ${milliseconds('l.heard_at')} "heardAt",
    ${milliseconds('l.handshake_at')} "handshakeAt", l.endpoint, l.rtt_ms "rttMs", l.sent, l.lost,
    l.rx_bytes::float8 "rxBytes", l.tx_bytes::float8 "txBytes", l.rx_rate "rxRate", l.tx_rate "txRate",
    ${milliseconds('l.tried_at')} "triedAt", ${milliseconds('l.next_try_at')} "nextTryAt"
  from links l
    join nodes n on n.id = l.node_id
    join nodes p on p.id = l.peer_id and p.network_id = n.network_id
    join networks w on w.id = n.network_id
    left join node_status t on t.node_id = l.node_id
  where w.organization_id = $1 and (t.reported_at is null or l.reported_at > t.reported_at - interval '${OUTLIVES_SECONDS} seconds')
    and n.state in ('enrolled', 'active') and p.state in ('enrolled', 'active')`
