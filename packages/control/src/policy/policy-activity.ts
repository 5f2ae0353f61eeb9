import { parseAddress } from '@spanwire/mesh/ip/address'
import { protocolName } from '@spanwire/mesh/policy/protocol-names'
import { reaches } from '@spanwire/mesh/policy/reaches'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { addressNamer, type NamedAddress } from './name-address.ts'
import { type NetworkPolicy, readNetworkPolicy } from './read-network-policy.ts'

export const PolicyActivity = z.object({
  networkId: z.uuid(),
  hours: z.coerce.number().int().min(1).max(24).default(1),
  /** at one machine only */
  nodeId: z.uuid().optional(),
})
const RuleHits = z.object({
  rule: z.number(),
  line: z.number().nullable(),
  packets: z.number(),
  nodes: z.array(z.object({ id: z.string(), name: z.string(), packets: z.number() })),
  /** machines beyond those listed */
  more: z.number(),
})
const DropRow = z.object({
  nodeId: z.string(),
  node: z.string(),
  from: z.string(),
  fromAddress: z.string(),
  to: z.string(),
  toAddress: z.string(),
  proto: z.string(),
  port: z.number().nullable(),
  count: z.number(),
  lastAt: z.string(),
  /** for a person, in the past tense and with its time */
  text: z.string(),
  /** a rule lets it in meanwhile */
  allowedNow: z.boolean(),
  /** the rule that would let it in, to be put into the text */
  suggestion: z.string(),
})
export const PolicyActivityOutput = z.object({
  number: z.number().nullable(),
  hours: z.number(),
  /** by rule of the version that holds, since the hour in which the time begins */
  hits: z.array(RuleHits),
  drops: z.array(DropRow),
  /** pairs beyond those listed */
  moreDrops: z.number(),
  /** machines whose rules have counters, that is who said something of them in that time */
  counting: z.number(),
})

const MOST_DROPS = 200
const MOST_NODES = 20

export async function policyActivity(
  ctx: Context,
  input: z.infer<typeof PolicyActivity>,
): Promise<z.infer<typeof PolicyActivityOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const policy = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const since = new Date(ctx.now().getTime() - input.hours * 3_600_000)
  const [hits, drops, counting] = await Promise.all([
    readHits(ctx, policy, since, input.nodeId ?? null),
    readDrops(ctx, policy, since, input.nodeId ?? null),
    ctx.db.pool.query<{ count: number }>(
      `SELECT count(*)::int FROM policy_reports r JOIN nodes n ON n.id = r.node_id
        WHERE n.network_id = $1 AND r.said_at >= $2 AND ($3::uuid IS NULL OR n.id = $3)`,
      [input.networkId, since, input.nodeId ?? null],
    ),
  ])
  return {
    number: policy.number,
    hours: input.hours,
    hits,
    drops: drops.rows.map((row) => toDrop(policy, row, input.hours)),
    moreDrops: drops.more,
    counting: counting.rows[0]?.count ?? 0,
  }
}

async function readHits(
  ctx: Context,
  { networkId, number, plan }: NetworkPolicy,
  since: Date,
  nodeId: string | null,
): Promise<z.infer<typeof RuleHits>[]> {
  const { rows } = await ctx.db.pool.query<{ rule: number; id: string; name: string; packets: number }>(
    `SELECT h.rule, n.id, n.name, sum(h.packets)::float8 packets FROM policy_hits h JOIN nodes n ON n.id = h.node_id
      WHERE n.network_id = $1 AND h.version = $2 AND h.at >= date_trunc('hour', $3::timestamptz)
        AND ($4::uuid IS NULL OR n.id = $4)
      GROUP BY h.rule, n.id, n.name ORDER BY packets DESC`,
    [networkId, number ?? 0, since, nodeId],
  )
  return plan.policy.rules.map((rule) => {
    const nodes = rows.filter((row) => row.rule === rule.number)
    return {
      rule: rule.number,
      line: rule.at.line,
      packets: nodes.reduce((sum, { packets }) => sum + packets, 0),
      nodes: nodes.slice(0, MOST_NODES).map(({ id, name, packets }) => ({ id, name, packets })),
      more: Math.max(0, nodes.length - MOST_NODES),
    }
  })
}

type DropRecord = {
  nodeId: string
  node: string
  source: string
  destination: string
  proto: number
  port: number
  count: number
  lastAt: Date
  total: number
}

/** Ten minutes that began before the time do not count: nothing is told that was earlier. */
async function readDrops(
  ctx: Context,
  { networkId }: NetworkPolicy,
  since: Date,
  nodeId: string | null,
): Promise<{ rows: readonly DropRecord[]; more: number }> {
  const { rows } = await ctx.db.pool.query<DropRecord>(
    `SELECT n.id "nodeId", n.name node, d.source, d.destination, d.proto, d.port, sum(d.packets)::float8 count,
            max(d.at) "lastAt", count(*) OVER ()::int total
       FROM policy_drops d JOIN nodes n ON n.id = d.node_id
      WHERE n.network_id = $1 AND d.at >= $2 AND ($3::uuid IS NULL OR n.id = $3)
      GROUP BY n.id, n.name, d.source, d.destination, d.proto, d.port
      ORDER BY count DESC, n.name, d.source, d.destination, d.port LIMIT ${MOST_DROPS}`,
    [networkId, since, nodeId],
  )
  return { rows, more: Math.max(0, (rows[0]?.total ?? 0) - rows.length) }
}

function toDrop({ plan }: NetworkPolicy, row: DropRecord, hours: number): z.infer<typeof DropRow> {
  const nameOf = addressNamer(plan)
  const [from, to] = [nameOf(row.source), nameOf(row.destination)]
  const port = row.port === -1 ? null : row.port
  const [source, target] = [parseAddress(row.source), parseAddress(row.destination)]
  const question = { protocol: row.proto, port }
  const allowedNow =
    source.ok && target.ok && reaches(plan, { from: source.value, to: target.value, ...question }).allowed
  const what = port === null ? ` by ${protocolName(row.proto)}` : ''
  const time = hours === 1 ? 'the last hour' : `the last ${hours} hours`
  const why = allowedNow ? 'a rule allows it now' : 'no rule allows it'
  const target6 = row.destination.includes(':') ? `[${row.destination}]` : row.destination
  return {
    nodeId: row.nodeId,
    node: row.node,
    from: from.name,
    fromAddress: row.source,
    to: to.name,
    toAddress: row.destination,
    proto: protocolName(row.proto),
    port,
    count: row.count,
    lastAt: row.lastAt.toISOString(),
    text: `${row.node} dropped ${row.count} from ${from.name} to ${target6}${port === null ? '' : `:${port}`}${what} in ${time}; ${why}`,
    allowedNow,
    suggestion: ruleFor(from, to, row.proto, port),
  }
}

function ruleFor(from: NamedAddress, to: NamedAddress, proto: number, port: number | null): string {
  const target = to.selector.includes(':') && !/^[a-z]+:[a-z]/.test(to.selector) ? `[${to.selector}]` : to.selector
  // `icmp` means both families in a policy; the others are called by their names or numbers.
  const name = protocolName(proto)
  const word = name === 'icmp6' ? 'icmp' : name.replace('protocol ', '')
  return `{ "action": "accept", "proto": "${word}", "src": ["${from.selector}"], "dst": ["${target}:${port ?? '*'}"] }`
}
