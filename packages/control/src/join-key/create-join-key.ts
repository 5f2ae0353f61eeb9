import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { acceptLabels, acceptSite } from '../node/node-input.ts'
import { Labels } from '../node/node-row.ts'
import { KeyName } from '../person-input.ts'
import { acceptTags, Tags } from '../policy/accept-tags.ts'
import { requireRole } from '../require-role.ts'
import { hashToken, makeToken } from '../secrets.ts'
import { inTransaction } from '../transaction.ts'
import { JoinKeyRow } from './join-key-row.ts'
import { toJoinKeyRow } from './to-join-key-row.ts'

const HOUR_MS = 60 * 60 * 1000

export const CreateJoinKey = z.object({
  networkId: z.uuid(),
  name: KeyName,
  maxUses: z.int().min(1, 'From 1 to 10,000 machines.').max(10_000, 'From 1 to 10,000 machines.'),
  expiresInHours: z
    .number()
    .positive('It has to end after a while.')
    .max(24 * 366, 'A year at most.'),
  siteId: z.uuid().nullable().optional(),
  labels: Labels.optional(),
  /** by which policies mean its machines, without `tag:` in front */
  tags: Tags.optional(),
})
export const CreateJoinKeyOutput = z.object({
  row: JoinKeyRow,
  /** shown once */
  token: z.string(),
  url: z.string(),
  pin: z.string().nullable(),
})

/** For golden images and autoscaling: limited in uses and in time, both. Its machines join as members. */
export async function createJoinKey(
  ctx: Context,
  input: z.infer<typeof CreateJoinKey>,
): Promise<z.infer<typeof CreateJoinKeyOutput>> {
  const { organizationId } = requireRole(ctx, 'admin')
  const labels = acceptLabels(input.labels ?? {})
  const token = makeToken('swj', ctx.random)
  return inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    const key = await tx.joinToken.create({
      data: {
        networkId: network.id,
        kind: 'join_key',
        name: input.name,
        siteId: input.siteId ? await acceptSite(tx, network.id, input.siteId) : null,
        labels,
        tags: await acceptTags(tx, ctx, network, input.tags ?? []),
        hash: hashToken(token),
        maxUses: input.maxUses,
        expiresAt: new Date(ctx.now().getTime() + input.expiresInHours * HOUR_MS),
        createdBy: actorName(ctx),
        createdAt: ctx.now(),
      },
    })
    await audit(tx, ctx, {
      action: 'join-key.create',
      network: network.id,
      subject: { kind: 'join-key', id: key.id, name: input.name },
      after: {
        name: input.name,
        maxUses: key.maxUses,
        expiresAt: key.expiresAt.toISOString(),
        siteId: key.siteId,
        labels,
        tags: key.tags,
      },
    })
    return { row: toJoinKeyRow(key), token, url: ctx.server.url, pin: ctx.server.pin }
  })
}
