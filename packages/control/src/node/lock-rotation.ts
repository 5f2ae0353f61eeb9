import type { RotationState } from '@spanwire/mesh/keys/rotation'
import type { Node, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'

/** The steward decides under the lock on the network's row too, which the caller has: what is read here stays so. */
export async function lockRotation(tx: Tx, node: Node, states: readonly RotationState[]): Promise<void> {
  const rotation = await tx.keyRotation.findUnique({ where: { nodeId: node.id } })
  if (rotation && states.some((state) => state === rotation.state)) return
  const why =
    rotation?.state === 'switching'
      ? `${node.name} was told to switch already: within half a minute it says whether its peers answer.`
      : `No rotation of the keys of ${node.name} waits for peers.`
  throw new Refusal('CONFLICT', why, { reason: 'wrong-state' })
}
