import { isOver, rotationText, STOPPABLE } from '@spanwire/mesh/keys/rotation'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { KeyRotation as RotationRow } from '../db.ts'
import { iso } from '../iso.ts'
import { type Looked, lookAtRotations } from '../keys/look-at-rotations.ts'
import { peersOfNode } from '../keys/rotation-rows.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { type KeyRotation, NodeKeys } from './key-rotation.ts'

export const GetNodeKeys = z.object({ id: z.uuid() })
export const GetNodeKeysOutput = NodeKeys

/** The keys of a node, and a rotation of them: who has the next key, and who is waited for. */
export async function getNodeKeys(ctx: Context, input: z.infer<typeof GetNodeKeys>): Promise<NodeKeys> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const ofTenant = { network: { organizationId } }
  // The rotation first: one that is done is then never shown with the key of before.
  const row = (await ctx.db.prisma.keyRotation.findFirst({ where: { nodeId: input.id, node: ofTenant } })) as
    | (RotationRow & { state: KeyRotation['state'] })
    | null
  const node = await ctx.db.prisma.node.findFirst({ where: { id: input.id, ...ofTenant } })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const running = row && !row.endedAt ? [{ ...row, nodeId: node.id }] : []
  const looked = await lookAtRotations(sqlOn(ctx.db.pool), node.networkId, running, ctx.now().getTime())
  const joined = looked?.network.nodes.get(node.id)
  return {
    publicKey: node.publicKey,
    rotatedAt: iso(node.keysRotatedAt),
    peers: looked && joined ? peersOfNode(looked.network, joined).length : 0,
    devices: looked?.network.hub?.id === node.id ? looked.network.devices.length : 0,
    rotation: row && toRotation(node.name, row, looked?.rotations[0]?.facts.peers ?? []),
  }
}

function toRotation(
  name: string,
  row: RotationRow & { state: KeyRotation['state'] },
  peers: Looked['facts']['peers'],
): KeyRotation {
  const { state } = row
  return {
    state,
    isRunning: !isOver(state),
    text: rotationText(name, state, peers, row.reason),
    peers: peers.map(({ id, name, hasStaged, isAway }) => ({
      id,
      name,
      state: hasStaged ? ('has' as const) : isAway ? ('away' as const) : ('missing' as const),
    })),
    canGoOn: state === 'staging' && !row.goesOn && peers.some(({ hasStaged }) => !hasStaged),
    canStop: STOPPABLE.includes(state),
    startedBy: row.startedBy,
    startedAt: row.startedAt.toISOString(),
    switchedAt: iso(row.switchedAt),
    endedAt: iso(row.endedAt),
  }
}
