import type { ClusterNode, Tx } from '../db.ts'

/**
 * A node is no longer of the cluster. Others join, and start anew, at the first server: the oldest that is left takes its part. With
 * the last one the cluster is gone, and so are its tokens.
 */
export async function dropMember(
  tx: Tx,
  { nodeId, clusterId }: Pick<ClusterNode, 'nodeId' | 'clusterId'>,
): Promise<void> {
  await tx.clusterNode.delete({ where: { nodeId } })
  const servers = await tx.clusterNode.findMany({
    where: { clusterId, role: 'server' },
    include: { node: { select: { ordinal: true } } },
  })
  if (servers.some(({ first }) => first)) return
  const [heir] = servers
    .filter(({ said, node }) => said !== null && node.ordinal !== null)
    .sort((a, b) => (a.node.ordinal ?? 0) - (b.node.ordinal ?? 0))
  if (heir) await tx.clusterNode.update({ where: { nodeId: heir.nodeId }, data: { first: true } })
  else await tx.cluster.update({ where: { id: clusterId }, data: { serverToken: null, caPem: null } })
}
