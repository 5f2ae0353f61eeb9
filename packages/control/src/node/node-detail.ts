/** All that is known of one node. */
import { z } from 'zod'
import { LinkView } from './link-view.ts'
import { NodeRow } from './node-row.ts'
import { Problem } from './problem.ts'

export const NodeNote = z.object({ code: z.string(), text: z.string(), fix: z.string() })
export type NodeNote = z.infer<typeof NodeNote>

export const NodeDetail = NodeRow.extend({
  publicKey: z.string().nullable(),
  /** When it last took new keys. */
  keysRotatedAt: z.string().nullable(),
  /** As the machine reported them, newlines between the values of a repeated key. */
  factsRaw: z.record(z.string(), z.string()),
  /** What the machine noticed about itself: host firewall findings and the like. */
  notes: z.array(NodeNote),
  /** Worst first. */
  problems: z.array(Problem),
  /** The node's clock minus the server's. */
  clockSkewMs: z.number().nullable(),
  uptimeSeconds: z.number().nullable(),
  peers: z.array(LinkView),
  quarantineReason: z.string().nullable(),
  /** The open invitation of a node that has not joined. */
  invitation: z.object({ id: z.string(), expiresAt: z.string(), uses: z.number() }).nullable(),
}).meta({ id: 'NodeDetail' })
export type NodeDetail = z.infer<typeof NodeDetail>
