import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { NetworkRow } from './network-row.ts'
import { readNetworks } from './read-networks.ts'

export const GetNetwork = z.object({ id: z.uuid() })
export const GetNetworkOutput = NetworkRow

export async function getNetwork(ctx: Context, input: z.infer<typeof GetNetwork>): Promise<NetworkRow> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const [network] = await readNetworks(ctx, organizationId, input.id)
  if (!network) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return network
}
