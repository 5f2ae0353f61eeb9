import type { NodeVerdict } from '@spanwire/mesh/policy/judge-trial'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import type { Json, PolicyTrial, Tx } from '../db.ts'

/**
 * Confirmed, its rules are what all nodes have from here on; returned, those before. Call it with the network locked: false when
 * somebody else has ended it meanwhile.
 */
export async function endTrial(
  tx: Tx,
  ctx: Pick<Context, 'now'>,
  { id, networkId, number }: PolicyTrial,
  as: 'confirmed' | 'returned',
  told: { readonly reason: string; readonly nodes: readonly NodeVerdict[] },
): Promise<boolean> {
  const nodes: Json = told.nodes.map((node) => ({ ...node }))
  const ended = await tx.policyTrial.updateMany({
    where: { id, state: 'running' },
    data: { state: as, endedAt: ctx.now(), reason: told.reason, nodes },
  })
  if (ended.count === 0) return false
  await bumpRevision(tx, networkId)
  if (as === 'confirmed') await tx.network.update({ where: { id: networkId }, data: { policyNumber: number } })
  return true
}
