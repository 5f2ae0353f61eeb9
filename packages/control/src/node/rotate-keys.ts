import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { actorName } from '../actor-name.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { getNodeKeys } from './get-node-keys.ts'
import { NodeKeys } from './key-rotation.ts'
import { lockNode } from './lock-node.ts'
import { requireAction } from './require-action.ts'

export const RotateKeys = z.object({ id: z.uuid() })
export const RotateKeysOutput = NodeKeys

/** The node makes new keys, its peers take them beside the old ones, and it switches when all have them. */
export async function rotateKeys(ctx: Context, input: z.infer<typeof RotateKeys>): Promise<NodeKeys> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    requireAction(node, 'rotateKeys')
    const before = await tx.keyRotation.findUnique({ where: { nodeId: node.id } })
    if (before && before.endedAt === null) {
      throw new Refusal(
        'CONFLICT',
        `The keys of ${node.name} are being rotated already, since ${before.startedBy} asked for it.`,
        {
          reason: 'already-rotating',
        },
      )
    }
    await bumpRevision(tx, node.networkId)
    const fresh = {
      id: randomUUID(),
      state: 'making',
      wantsDirect: node.directKey !== null,
      startedBy: actorName(ctx),
      startedAt: ctx.now(),
      ...{ goesOn: false, nextKey: null, nextDirectKey: null, switchedAt: null, endedAt: null, reason: null },
    }
    await tx.keyRotation.upsert({ where: { nodeId: node.id }, create: { nodeId: node.id, ...fresh }, update: fresh })
    await audit(tx, ctx, {
      action: 'node.rotate-keys',
      network: node.networkId,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: { publicKey: node.publicKey },
    })
  })
  return getNodeKeys(ctx, input)
}
