import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db.ts'
import { hashToken, makeToken } from '../secrets.ts'

/** Long enough to open a terminal on the machine, short enough that a line left in a chat is worth nothing. */
export const INVITATION_MINUTES = 30

/** What the pasted line is made of. Shown once: only the token's hash is kept. */
export const Ticket = z.object({
  token: z.string(),
  expiresAt: z.string(),
  url: z.string(),
  /** `sha256//…` when the server's certificate is self-signed */
  pin: z.string().nullable(),
})
export type Ticket = z.infer<typeof Ticket>

/** For one node, for one use. The one before it ends. */
export async function issueToken(tx: Tx, ctx: Context, node: { id: string; networkId: string }): Promise<Ticket> {
  const now = ctx.now()
  await tx.joinToken.updateMany({ where: { nodeId: node.id, revokedAt: null }, data: { revokedAt: now } })
  const token = makeToken('swj', ctx.random)
  const expiresAt = new Date(now.getTime() + INVITATION_MINUTES * 60_000)
  await tx.joinToken.create({
    data: {
      networkId: node.networkId,
      kind: 'invitation',
      nodeId: node.id,
      hash: hashToken(token),
      maxUses: 1,
      expiresAt,
      createdBy: actorName(ctx),
      createdAt: now,
    },
  })
  return { token, expiresAt: expiresAt.toISOString(), url: ctx.server.url, pin: ctx.server.pin }
}
