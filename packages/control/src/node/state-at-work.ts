import type { Node, Tx } from '../db.ts'

/**
 * Active is who has been proven at work once: a gateway when its interface was up, a member when it was reached through the tunnel.
 * Who was stopped before that is still to prove it.
 */
export async function stateAtWork(tx: Tx, node: Pick<Node, 'id' | 'role'>): Promise<'active' | 'enrolled'> {
  const steps = node.role === 'gateway' ? ['interface', 'reachable'] : ['reachable']
  const proven = await tx.joinStep.findFirst({
    where: { nodeId: node.id, step: { in: steps }, confirmedAt: { not: null } },
  })
  return proven ? 'active' : 'enrolled'
}
