import { bumpRevision } from '../bump-revision.ts'
import type { Tx } from '../db.ts'
import { HAS_POLICY } from '../policy/wake-policy.ts'

/**
 * Who is of the organization, or in which role, changes for machines too: servers of its clusters bind each person to what they may do,
 * gateways know each person's devices, and policies mean people. Call it before the write, in whose transaction all these networks are locked, always in
 * one order.
 */
export async function wakeNetworks(tx: Tx, organizationId: string, userId: string | null = null): Promise<void> {
  const networks = await tx.network.findMany({
    where: {
      organizationId,
      OR: [{ cluster: { isNot: null } }, HAS_POLICY, ...(userId === null ? [] : [{ devices: { some: { userId } } }])],
    },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  for (const { id } of networks) await bumpRevision(tx, id)
}
