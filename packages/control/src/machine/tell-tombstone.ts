import { type Answer, refuse } from './answer.ts'
import type { Machine } from './machine.ts'
import { proofOf } from './proof-of.ts'

/**
 * A credential that no node has. A removed node's machine is told so, with the proof that it alone was given: it takes down what it
 * put up. For anybody else the answer is "I do not know you", which changes nothing on a machine.
 */
export async function tellTombstone(machine: Machine, credentialHash: string): Promise<Answer> {
  const [tombstone] = await machine.sql.query<{ node_id: string; tombstone_proof: Uint8Array | null }>(
    'SELECT node_id, tombstone_proof FROM tombstones WHERE credential_hash = $1',
    [Buffer.from(credentialHash, 'hex')],
  )
  if (!tombstone?.tombstone_proof) {
    return refuse(
      'unknown',
      'this server does not know this credential; if it was restored or moved, nothing has to be done here',
    )
  }
  const proof = machine.seal.decrypt(tombstone.tombstone_proof, proofOf(tombstone.node_id))
  await machine.sql.query('UPDATE tombstones SET told_at = $2 WHERE node_id = $1 AND told_at IS NULL', [
    tombstone.node_id,
    machine.now(),
  ])
  return refuse('removed', 'this node was removed; the script takes down what it put up', {
    'Spanwire-Tombstone': proof,
  })
}
