/** The end of a removal whose steps are all behind: the node is out of the cluster, and off the network when that was asked for. */
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { ClusterNode, Network, Node, Tx } from '../db.ts'
import { notify } from '../hints.ts'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { takeOutNode } from '../node/take-out-node.ts'
import { inTransaction } from '../transaction.ts'
import { dropMember } from './drop-member.ts'
import type { Removal } from './read-cluster.ts'
import { isBehind, LEAVE_STEP, REMOVAL_STEPS } from './removal-steps.ts'

export async function finishRemovals(deps: MachineDeps, networkId: string): Promise<void> {
  const { rows: leaving } = await deps.db.pool.query<{ nodeId: string; removal: Removal }>(
    `SELECT m.node_id "nodeId", m.removal FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id
      WHERE c.network_id = $1 AND m.removal IS NOT NULL`,
    [networkId],
  )
  for (const { nodeId, removal } of leaving) {
    if (isOver(removal)) await inTransaction(deps, (tx) => finish(tx, deps, networkId, nodeId))
  }
}

const isOver = (removal: Removal): boolean => REMOVAL_STEPS.every(({ step }) => isBehind(removal[step]))

async function finish(tx: Tx, deps: MachineDeps, networkId: string, nodeId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM networks WHERE id = ${networkId}::uuid FOR NO KEY UPDATE`
  const member = await tx.clusterNode.findUnique({
    where: { nodeId },
    include: { node: { include: { network: true } } },
  })
  if (!member || member.removal === null || !isOver(member.removal as Removal)) return
  await leaveCluster(tx, deps, member, member.node, member.node.network)
}

async function leaveCluster(
  tx: Tx,
  deps: MachineDeps,
  member: ClusterNode,
  node: Node,
  network: Network,
): Promise<void> {
  const ctx = { now: deps.now, address: null, actor: { kind: 'system' as const, name: 'spanwire' } }
  const removal = member.removal as Removal
  const changedRevision = await bumpRevision(tx, network.id)
  await tx.node.update({ where: { id: node.id }, data: { changedRevision } })
  await dropMember(tx, member)
  await audit(tx, ctx, {
    action: 'cluster.leave',
    network: network.id,
    organization: network.organizationId,
    subject: { kind: 'node', id: node.id, name: node.name },
    before: { role: member.role, kubernetesName: member.kubernetesName },
    after: Object.fromEntries(Object.entries(removal).map(([step, fact]) => [step, fact?.state ?? null])),
  })
  if (removal[LEAVE_STEP.step]) await takeOutNode(tx, ctx, network, node)
  await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: network.organizationId })
}
