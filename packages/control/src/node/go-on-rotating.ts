import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { notify } from '../hints.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { getNodeKeys } from './get-node-keys.ts'
import { NodeKeys } from './key-rotation.ts'
import { lockNode } from './lock-node.ts'
import { lockRotation } from './lock-rotation.ts'

export const GoOnRotating = z.object({ id: z.uuid() })
export const GoOnRotatingOutput = NodeKeys

/** Without peers that do not have the next key: those lose the node until they hear from this server. */
export async function goOnRotating(ctx: Context, input: z.infer<typeof GoOnRotating>): Promise<NodeKeys> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node } = await lockNode(tx, organizationId, input.id)
    await lockRotation(tx, node, ['staging'])
    await tx.keyRotation.update({ where: { nodeId: node.id }, data: { goesOn: true } })
    await audit(tx, ctx, {
      action: 'node.go-on-rotating',
      network: node.networkId,
      subject: { kind: 'node', id: node.id, name: node.name },
    })
    await notify(tx, { kind: 'node', network: node.networkId, node: node.id, organization: organizationId })
  })
  return getNodeKeys(ctx, input)
}
