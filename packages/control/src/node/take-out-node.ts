import { type AuditContext, audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import { dropMember } from '../cluster/drop-member.ts'
import type { Network, Node, Tx } from '../db.ts'
import { addressesOf } from './addresses-of.ts'
import { buryNodes } from './bury-nodes.ts'

/** etcd, kubelet and policies remember addresses: a freed one is nobody's for a week. */
const REST_DAYS = 7
const DAY_MS = 24 * 60 * 60 * 1000

/** In one transaction, so that no moment has a node without a tombstone or a place that two may have. */
export async function takeOutNode(tx: Tx, ctx: AuditContext, network: Network, node: Node): Promise<void> {
  await bumpRevision(tx, network.id)
  await buryNodes(tx, ctx, network.organizationId, [node])
  await tx.addressLease.updateMany({
    where: { networkId: network.id, nodeId: node.id },
    data: { nodeId: null, restingUntil: new Date(ctx.now().getTime() + REST_DAYS * DAY_MS) },
  })
  const member = await tx.clusterNode.findUnique({ where: { nodeId: node.id } })
  if (member) await dropMember(tx, member)
  await tx.node.delete({ where: { id: node.id } })
  await audit(tx, ctx, {
    action: 'node.remove',
    network: network.id,
    organization: network.organizationId,
    subject: { kind: 'node', id: node.id, name: node.name },
    before: {
      name: node.name,
      role: node.role,
      state: node.state,
      endpoint: node.endpoint,
      publicKey: node.publicKey,
      ...addressesOf({ ...network, ordinal: node.ordinal }),
    },
  })
}
