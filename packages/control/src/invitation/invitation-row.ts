/** An open or spent invitation: one node, one use, minutes. */
import { z } from 'zod'
import { NodeRole, NodeState } from '../node/node-row.ts'

export const InvitationRow = z
  .object({
    id: z.string(),
    nodeId: z.string(),
    nodeName: z.string(),
    nodeRole: NodeRole,
    nodeState: NodeState,
    expiresAt: z.string(),
    usedUp: z.boolean(),
    revokedAt: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'InvitationRow' })
export type InvitationRow = z.infer<typeof InvitationRow>
