import { REQUESTS, type RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import { actorName } from '../actor-name.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import type { NodeRequest, Tx } from '../db.ts'

export type Ask = {
  readonly nodeId: string
  readonly networkId: string
  readonly kind: RequestKind
  readonly args: readonly string[]
  /** The node that it is done for, when another. */
  readonly forNodeId?: string | null
  /** How long it may wait for the node to fetch it, seconds. */
  readonly waitSeconds: number
}

/**
 * Puts a request into the node's next bundle, once: the same open request is answered again instead of asked twice.
 * In the caller's transaction; the network's row is locked by the new revision.
 */
export async function askNode(tx: Tx, ctx: Context, ask: Ask): Promise<NodeRequest> {
  await bumpRevision(tx, ask.networkId)
  const open = await tx.nodeRequest.findFirst({
    where: {
      nodeId: ask.nodeId,
      kind: ask.kind,
      state: 'asked',
      forNodeId: ask.forNodeId ?? null,
      args: { equals: [...ask.args] },
      expiresAt: { gt: ctx.now() },
    },
  })
  if (open) return open
  return tx.nodeRequest.create({
    data: {
      nodeId: ask.nodeId,
      kind: ask.kind,
      args: [...ask.args],
      forNodeId: ask.forNodeId ?? null,
      timeoutSeconds: REQUESTS[ask.kind].timeoutSeconds,
      askedBy: actorName(ctx),
      createdAt: ctx.now(),
      expiresAt: new Date(ctx.now().getTime() + 1000 * (ask.waitSeconds + REQUESTS[ask.kind].timeoutSeconds)),
    },
  })
}
