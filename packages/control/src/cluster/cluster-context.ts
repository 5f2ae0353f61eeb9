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
  const [taken, clusters, joined] = await Promise.all([
    takenRanges(ctx, network.organizationId),
    ctx.db.prisma.cluster.findMany({
      where: { networkId: { not: network.id }, network: { organizationId: network.organizationId } },
      select: { name: true, settings: true },
    }),
    ctx.db.prisma.clusterNode.groupBy({ by: ['role'], where: { cluster: { networkId: network.id } }, _count: true }),
  ])
  const count = (role: 'server' | 'agent') => joined.find((group) => group.role === role)?._count ?? 0
  return {
    overlay4: rangeOf(network.cidr4),
    ula: rangeOf(network.cidr6),
    mtu: network.mtu,
    taken: [
      ...taken
        .filter(({ with: whom }) => whom !== `the network ${network.name}`)
        .map(({ prefix, with: by }) => ({ prefix, by })),
      ...clusters.flatMap(({ name, settings }) => rangesOf(name, settings as unknown as ClusterSettings)),
    ],
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

function rangesOf(name: string, settings: ClusterSettings) {
  return [settings.podRange4, settings.podRange6, settings.serviceRange4, settings.serviceRange6].flatMap((text) => {
    const prefix = text === null ? null : parsePrefix(text)
    return prefix?.ok ? [{ prefix: prefix.value, by: `the cluster ${name}` }] : []
  })
}

function rangeOf(text: string): Prefix {
  const prefix = parsePrefix(text)
  invariant(prefix.ok, `${text} was checked when the network was made`)
  return prefix.value
}
