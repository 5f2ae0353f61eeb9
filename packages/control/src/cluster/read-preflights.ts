/**
 * What stands in the way of k3s on the machines of a network: what each told of itself, judged with what only the server knows. The
 * ledger, the node's page, the cluster's page, its terminal and the plan of the joins all read it here.
 */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { PreflightHold } from '@spanwire/mesh/cluster/join-plan'
import { found, type PreflightFinding } from '@spanwire/mesh/cluster/preflight-codes'
import { blocking, preflightFindings } from '@spanwire/mesh/cluster/preflight-findings'
import { type PreflightKnown, preflightKnown } from '@spanwire/mesh/cluster/preflight-known'
import type { Context } from '../context.ts'
import { milliseconds } from '../node/read-nodes.ts'
import { contextOf, knownFacts, rangesElsewhere } from './preflight-context.ts'

/** Any side of the server has these; `serverUrl` is where nodes reach it. */
export type PreflightDeps = Pick<Context, 'db'> & { readonly serverUrl: string }

export type JudgedPreflight = {
  /** when its facts came, milliseconds; null when none that can be read did since it was enrolled */
  readonly at: number | null
  /** worst first */
  readonly findings: readonly PreflightFinding[]
  /** those of them that k3s is not installed before */
  readonly held: readonly PreflightFinding[]
  readonly known: readonly PreflightKnown[]
}

export type PreflightRecord = {
  nodeId: string
  nodeName: string
  isGateway: boolean
  endpoint: string | null
  cidr4: string
  cidr6: string
  mtu: number
  interfaceName: string
  settings: ClusterSettings | null
  clusterRole: 'server' | 'agent' | null
  kubernetesName: string | null
  service: string | null
  isListed: boolean
  kubeletVersion: string | null
  /** what the cluster remembers of its name was forgotten, or is about to be, since this machine came */
  isForgotten: boolean
  facts: string | null
  factsAt: number | null
  listenPort: number | null
  fault: string | null
  faultAt: number | null
  clockSkewMs: number | null
  /** `INTERFACE RANGE` lines of its first report */
  addresses: string | null
  /** where gateways see it */
  seenAt: string[]
}

/** Of the whole network, or only of some nodes when nothing but what holds them is asked: others then are not looked at. */
export async function readPreflights(
  deps: PreflightDeps,
  networkId: string,
  only: readonly string[] | null = null,
): Promise<ReadonlyMap<string, JudgedPreflight>> {
  if (only?.length === 0) return new Map()
  const rows = await readRecords(deps, networkId, only)
  const elsewhere = only === null ? rangesElsewhere(rows) : []
  const asked = rows.filter(({ nodeId }) => only === null || only.includes(nodeId))
  return new Map(asked.map((row) => [row.nodeId, judge(deps, row, rows, elsewhere)]))
}

/** Null while nothing is known: then it waits. */
export function holdOf(preflight: JudgedPreflight | undefined): 'clear' | 'unknown' | PreflightHold {
  const [first, ...more] = preflight?.held ?? []
  if (first) {
    const rest = more.length === 0 ? '' : `, and ${more.length} more`
    return { sentence: `${first.sentence}${rest}`, fix: first.fix }
  }
  return preflight?.at == null ? 'unknown' : 'clear'
}

export function judge(
  deps: Pick<PreflightDeps, 'serverUrl'>,
  row: PreflightRecord,
  rows: readonly PreflightRecord[],
  elsewhere: ReturnType<typeof rangesElsewhere>,
): JudgedPreflight {
  const facts = knownFacts(row)
  const unreadable = row.fault === null ? [] : [unreadableFacts(row.fault)]
  if (facts === null) {
    const findings = unreadable.map((finding): PreflightFinding => ({ ...finding, severity: 'critical', blocks: true }))
    return { at: null, findings, held: findings, known: [] }
  }
  const findings = [...preflightFindings(facts, contextOf(deps.serverUrl, row, rows, elsewhere)), ...unreadable]
  return {
    at: row.factsAt,
    findings,
    held: blocking(findings, facts.isFixing === true),
    known: preflightKnown(facts, row.isGateway),
  }
}

const unreadableFacts = (fault: string): PreflightFinding =>
  found('facts-unreadable', 'what this machine tells of itself cannot be read', fault)

const isAsked = '($2::uuid[] is null or n.id = any($2))'

/** The servers of the cluster are among them always: they say which release may join. */
export async function readRecords(
  { db }: Pick<Context, 'db'>,
  networkId: string,
  only: readonly string[] | null,
): Promise<PreflightRecord[]> {
  const { rows } = await db.pool.query<PreflightRecord>(
    `select n.id "nodeId", n.name "nodeName", n.role = 'gateway' "isGateway", n.endpoint, w.cidr4::text, w.cidr6::text, w.mtu,
        w.interface_name "interfaceName", c.settings, m.role::text "clusterRole", m.kubernetes_name "kubernetesName",
        m.said->>'service' service, m.seen is not null "isListed", m.seen->>'version' "kubeletVersion",
        exists (select 1 from node_requests r where r.for_node_id = n.id and r.kind = 'k3s-forget-password'
                 and r.state in ('asked', 'done') and r.created_at >= n.enrolled_at) "isForgotten",
        -- What a machine told before it was enrolled, another one may have told.
        case when p.facts_at >= n.enrolled_at and ${isAsked} then p.facts end facts,
        case when p.facts_at >= n.enrolled_at then ${milliseconds('p.facts_at')} end "factsAt",
        p.listen_port "listenPort", case when p.fault_at >= n.enrolled_at then p.fault end fault,
        ${milliseconds('p.fault_at')} "faultAt", t.clock_skew_ms "clockSkewMs", t.facts->>'address' addresses,
        coalesce((select array_agg(l.endpoint) from links l join nodes g on g.id = l.node_id
                   where ${isAsked} and l.peer_id = n.id and g.role = 'gateway' and l.endpoint is not null), '{}') "seenAt"
      from nodes n join networks w on w.id = n.network_id left join clusters c on c.network_id = w.id
        left join cluster_nodes m on m.node_id = n.id left join preflights p on p.node_id = n.id
        left join node_status t on t.node_id = n.id
      where n.network_id = $1 and (${isAsked} or m.role = 'server') order by n.name`,
    [networkId, only],
  )
  return rows
}
