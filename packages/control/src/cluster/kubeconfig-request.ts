import type { Context } from '../context.ts'
import type { Cluster, Network, NodeRequest } from '../db.ts'
import { Refusal } from '../refusal.ts'

export type KubeconfigRequest = NodeRequest & {
  node: { id: string; name: string; ordinal: number | null; network: Network & { cluster: Cluster | null } }
}

/** One's own; anybody else's is as one that never was. */
export async function findKubeconfigRequest(
  ctx: Context,
  organizationId: string,
  id: string,
): Promise<KubeconfigRequest> {
  const { actor } = ctx
  const request =
    actor.kind !== 'person'
      ? null
      : await ctx.db.prisma.nodeRequest.findFirst({
          where: { id, kind: 'k3s-sign', askedBy: actor.name, node: { network: { organizationId } } },
          include: { node: { include: { network: { include: { cluster: true } } } } },
        })
  if (!request) throw new Refusal('NOT_FOUND', 'There is no such request.')
  return request
}
