import { REQUESTS, type RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import type { Context } from '../context.ts'
import type { Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'
import { serverFor } from './removal-wishes.ts'

type Ask = {
  readonly id?: string
  readonly kind: RequestKind
  readonly args: readonly string[]
  readonly forNodeId: string | null
  readonly askedBy: string
  /** What it is about, where arguments have no room. */
  readonly input?: string
}

/** How long the server may take to fetch what it is asked: it calls every 20 s. */
const FETCH_SECONDS = 60

/** Something that a person wants of a server of the cluster. The caller has made the new revision that carries it. */
export async function askServer(
  tx: Tx,
  ctx: Context,
  network: Network,
  ask: Ask,
): Promise<{ id: string; server: MemberRecord }> {
  const found = await readCluster(ctx, network.organizationId, network.id)
  const server = found && serverFor(found.members, ask.forNodeId, ctx.now().getTime())
  if (!server)
    throw new Refusal('PRECONDITION_FAILED', 'No server of the cluster reports, so nobody can be asked.', {
      reason: 'no-server',
      fix: 'Look at the servers on the cluster page.',
    })
  const { timeoutSeconds } = REQUESTS[ask.kind]
  const { id } = await tx.nodeRequest.create({
    data: {
      ...ask,
      args: [...ask.args],
      nodeId: server.nodeId,
      timeoutSeconds,
      createdAt: ctx.now(),
      expiresAt: new Date(ctx.now().getTime() + 1000 * (FETCH_SECONDS + timeoutSeconds)),
    },
    select: { id: true },
  })
  return { id, server }
}
