import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import type { Context } from '../context.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlOn } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'

export async function readPathPlan(ctx: Context, organizationId: string, networkId: string): Promise<NetworkPlan> {
  const read = await readNetworkInput(sqlOn(ctx.db.pool), networkId)
  if (read?.head.organizationId !== organizationId) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return plan(read.input)
}
