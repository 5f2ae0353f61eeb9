import { z } from 'zod'
import { PreflightFinding, toFindings } from '../cluster/preflight-row.ts'
import { readPreflights } from '../cluster/read-preflights.ts'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { readNodes } from './read-nodes.ts'

export const NodePreflight = z.object({ id: z.uuid() })
export const NodePreflightOutput = z
  .object({
    /** when the machine told what this rests on; null while it has not */
    at: z.string().nullable(),
    /** worst first */
    findings: z.array(PreflightFinding),
    /** what was measured, and what could not be */
    known: z.array(z.object({ what: z.enum(['udp', 'mtu', 'nat', 'clock']), isKnown: z.boolean(), text: z.string() })),
  })
  .meta({ id: 'NodePreflight' })
export type NodePreflightOutput = z.infer<typeof NodePreflightOutput>

/** What stands in the way of k3s on a machine, as its terminal says it too. */
export async function nodePreflight(ctx: Context, input: z.infer<typeof NodePreflight>): Promise<NodePreflightOutput> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [node] = await readNodes(ctx, organizationId, { node: input.id })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const preflights = await readPreflights({ db: ctx.db, serverUrl: ctx.server.url }, node.networkId)
  const judged = preflights.get(node.id)
  if (!judged) return { at: null, findings: [], known: [] }
  return { at: iso(judged.at), findings: toFindings(judged), known: [...judged.known] }
}
