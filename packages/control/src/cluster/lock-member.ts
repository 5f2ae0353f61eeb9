import type { ClusterNode, Network, Node, Tx } from '../db.ts'
import { lockNode } from '../node/lock-node.ts'
import { Refusal } from '../refusal.ts'

export type LockedMember = { readonly node: Node; readonly network: Network; readonly member: ClusterNode }

/** A node of the cluster until the transaction ends. */
export async function lockMember(tx: Tx, organizationId: string, nodeId: string): Promise<LockedMember> {
  const { node, network } = await lockNode(tx, organizationId, nodeId)
  const member = await tx.clusterNode.findUnique({ where: { nodeId } })
  if (!member) throw notInCluster(node.name)
  return { node, network, member }
}

export const notInCluster = (name: string): Refusal =>
  new Refusal('PRECONDITION_FAILED', `${name} is not in the cluster of its network.`, {
    reason: 'not-in-cluster',
    fix: 'There is nothing to take out.',
  })
