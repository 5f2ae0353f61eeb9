import { invariant } from '@spanwire/mesh/invariant'
import type { Db, Tx } from '../db.ts'
import { type ReadNetwork, readNetworkInput } from '../machine/read-network-input.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { withLanAddresses } from '../network/plan-topology.ts'

/** A network with all that is known of the LANs of its machines. */
export async function readForRoutes(tx: Tx | Db['prisma'], networkId: string): Promise<ReadNetwork> {
  const read = await readNetworkInput(sqlIn(tx), networkId)
  invariant(read, 'the network of a node is there')
  return withLanAddresses(sqlIn(tx), read)
}
