import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { NetworkRow } from './network-row.ts'
import { readNetworks } from './read-networks.ts'

export const ListNetworks = z.object({})
export const ListNetworksOutput = z.array(NetworkRow)

/** The worst first, then by name. */
export async function listNetworks(ctx: Context, _input: z.infer<typeof ListNetworks>): Promise<NetworkRow[]> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const networks = await readNetworks(ctx, organizationId, null)
  return networks.sort((a, b) => severityRank(a) - severityRank(b) || (a.name < b.name ? -1 : 1))
}

const RANK = { bad: 0, warn: 1, info: 2 }

const severityRank = ({ problem }: NetworkRow): number => (problem ? RANK[problem.severity] : 3)
