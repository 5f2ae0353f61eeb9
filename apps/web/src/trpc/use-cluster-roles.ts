'use client'

import { useQuery } from '@tanstack/react-query'
import type { RoleWhys } from '~/ui/cluster-part.ts'
import { useTRPC } from './client.tsx'

/** What a node may be in the cluster of its network, and what was measured of it as a server. */
export function useClusterRoles(network: string, nodeId: string, role: 'server' | 'agent' | null) {
  const trpc = useTRPC()
  const { data: cluster } = useQuery(trpc.cluster.get.queryOptions({ networkId: network }))
  const others = (cluster?.nodes ?? []).filter((node) => node.nodeId !== nodeId)
  const first = others.find((node) => node.first)
  const own = cluster?.nodes.find((node) => node.nodeId === nodeId)
  const { data: verdict } = useQuery(
    trpc.cluster.serverVerdict.queryOptions(
      { nodeId },
      { enabled: cluster != null && first !== undefined && role === 'server' },
    ),
  )
  const whys: RoleWhys = {
    server:
      cluster?.settings.datastore === 'sqlite' && first
        ? `k3s server is off: SQLite is a file of ${first.nodeName}, so there cannot be a second one.`
        : null,
    agent:
      cluster && !first ? 'k3s agent is off: the first machine of a cluster is a server, and agents join it.' : null,
  }
  return {
    clusterName: cluster === null ? null : cluster?.settings.name,
    own,
    whys,
    isFirst: !first,
    verdict: first ? (verdict ?? null) : null,
  }
}
