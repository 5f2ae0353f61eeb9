import type { Context } from '../context.ts'
import type { Node, Tx } from '../db.ts'

/**
 * Their tombstones: what lets each machine know that it was removed, and keeps its credential and key from coming back. The proof
 * stays sealed as it was; it is bound to the node's id.
 */
export async function buryNodes(
  tx: Tx,
  ctx: Pick<Context, 'now'>,
  organizationId: string,
  nodes: readonly Node[],
): Promise<void> {
  const joined = nodes.filter(({ credentialHash }) => credentialHash !== null)
  await tx.tombstone.createMany({
    data: joined.map((node) => ({
      nodeId: node.id,
      organizationId,
      networkId: node.networkId,
      name: node.name,
      credentialHash: node.credentialHash,
      tombstoneProof: node.tombstoneProof,
      publicKey: node.publicKey,
      removedAt: ctx.now(),
    })),
  })
}
