import { clusterFact } from '@spanwire/mesh/cluster/cluster-health'
import type { ReportingStatus } from '@spanwire/mesh/health/reporting-status'
import { iso } from '../iso.ts'
import { addressesOf } from './addresses-of.ts'
import type { Fact } from './fact.ts'
import type { Tunnel } from './merge-links.ts'
import type { NodeRecord } from './read-nodes.ts'

/** The third fact: what Kubernetes says of the node, told with its tunnel to the gateway that carries it. */
export function clusterFactOf(
  node: NodeRecord,
  tunnels: readonly Tunnel[],
  reporting: ReportingStatus,
  now: number,
): Fact {
  const { clusterRole: role, seen, seenAt, clusterFailure: failure, hubId } = node
  if (node.clusterId === null) return { status: 'none', text: 'no cluster in this network', at: null }
  if (role === null) return { status: 'none', text: 'in the network only, not in its cluster', at: null }
  if (seen === null && failure) return { status: 'bad', text: `k3s: ${failure.text}`, at: iso(node.saidAt) }
  const tunnel = tunnels.find(({ a, b }) => a === hubId || b === hubId)?.judged
  const fact = clusterFact(
    {
      name: node.name,
      role,
      address4: addressesOf(node).address4 ?? '',
      kube: seen,
      kubeAt: seenAt,
      reporting,
      path: hubId === node.id || node.hubName === null || !tunnel ? null : { gateway: node.hubName, tunnel },
    },
    now,
  )
  return { status: fact.status, text: fact.text, at: iso(fact.at) }
}
