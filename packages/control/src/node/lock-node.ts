import type { Network, Node, Tx } from '../db.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'

/** The node and its network until the transaction ends; the network first, as enrolment locks them. */
export async function lockNode(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<{ readonly node: Node; readonly network: Network }> {
  const found = await tx.node.findFirst({ where: { id, network: { organizationId } }, select: { networkId: true } })
  if (!found) throw noSuchNode()
  const network = await lockNetwork(tx, organizationId, found.networkId)
  await tx.$queryRaw`SELECT id FROM nodes WHERE id = ${id}::uuid FOR UPDATE`
  const node = await tx.node.findUnique({ where: { id } })
  if (!node) throw noSuchNode()
  return { node, network }
}

const noSuchNode = () => new Refusal('NOT_FOUND', 'There is no such node.')
