import { bumpRevision } from '../bump-revision.ts'
import type { Tx } from '../db.ts'

/** Files of k3s may be others from here on: where there is a cluster, its machines look. Call it before the write. */
export async function wakeCluster(tx: Tx, networkId: string): Promise<void> {
  if ((await tx.cluster.count({ where: { networkId } })) > 0) await bumpRevision(tx, networkId)
}
