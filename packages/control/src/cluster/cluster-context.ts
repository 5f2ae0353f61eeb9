/** What a cluster's settings are checked against: the network's ranges, and everything else that is known to be in use. */
import { type ClusterContext, checkCluster } from '@spanwire/mesh/cluster/check-cluster'
import type { ClusterFinding } from '@spanwire/mesh/cluster/cluster-finding'
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { invariant } from '@spanwire/mesh/invariant'
import { type Prefix, parsePrefix } from '@spanwire/mesh/ip/prefix'
import type { Context } from '../context.ts'
import type { Network } from '../db.ts'
import { takenRanges } from '../network/taken-ranges.ts'
import { Refusal } from '../refusal.ts'

export async function clusterContext(ctx: Context, network: Network): Promise<ClusterContext> {
  const [taken, joined] = await Promise.all([
    takenRanges(ctx, network.organizationId),
    ctx.db.prisma.clusterNode.groupBy({ by: ['role'], where: { cluster: { networkId: network.id } }, _count: true }),
  ])
  const count = (role: 'server' | 'agent') => joined.find((group) => group.role === role)?._count ?? 0
  return {
    overlay4: rangeOf(network.cidr4),
    ula: rangeOf(network.cidr6),
    mtu: network.mtu,
    taken: taken.filter((range) => range.of !== network.id).map(({ prefix, with: by }) => ({ prefix, by })),
    servers: Math.max(1, count('server')),
    nodes: count('server') + count('agent'),
  }
}

/** Refuses by the first finding that stands in the way, at its field; returns those that only warn. */
export function acceptCluster(settings: ClusterSettings, context: ClusterContext): ClusterFinding[] {
  const findings = checkCluster(settings, context)
  const [first] = findings.filter(({ severity }) => severity === 'refuse')
  if (first)
    throw new Refusal('BAD_REQUEST', first.text, {
      field: `settings.${first.field}`,
      fix: first.fix,
      reason: 'cluster',
    })
  return findings
}

function rangeOf(text: string): Prefix {
  const prefix = parsePrefix(text)
  invariant(prefix.ok, `${text} was checked when the network was made`)
  return prefix.value
}
