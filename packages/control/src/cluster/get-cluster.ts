import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { ClusterDetail } from './cluster-row.ts'
import { ownNetwork } from './own-network.ts'
import { readClusterDetail } from './read-cluster-detail.ts'

export const GetCluster = z.object({ networkId: z.uuid() })
export const GetClusterOutput = ClusterDetail.nullable()

/** Null while the network has none. */
export async function getCluster(ctx: Context, input: z.infer<typeof GetCluster>): Promise<ClusterDetail | null> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ownNetwork(ctx, organizationId, input.networkId)
  return readClusterDetail(ctx, network)
}
