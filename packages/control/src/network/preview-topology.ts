import type { z } from 'zod'
import type { Context } from '../context.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlOn } from '../machine/sql.ts'
import { requireRole } from '../require-role.ts'
import { planTopology, refuseOther, SetTopologyInput, TopologyPreview, withLanAddresses } from './plan-topology.ts'

export const PreviewTopology = SetTopologyInput
export const PreviewTopologyOutput = TopologyPreview

/** Which tunnels appear and go, node by node, if the network had this topology. */
export async function previewTopology(ctx: Context, input: z.infer<typeof PreviewTopology>): Promise<TopologyPreview> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const sql = sqlOn(ctx.db.pool)
  const read = refuseOther(await readNetworkInput(sql, input.id), organizationId)
  return planTopology(await withLanAddresses(sql, read), input)
}
