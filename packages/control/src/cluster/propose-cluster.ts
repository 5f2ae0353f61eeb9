import { checkCluster } from '@spanwire/mesh/cluster/check-cluster'
import { defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { proposeRanges } from '@spanwire/mesh/cluster/propose-ranges'
import { z } from 'zod'
import { accept } from '../accept.ts'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { clusterContext } from './cluster-context.ts'
import { ClusterSettingsInput } from './cluster-input.ts'
import { ClusterFinding } from './cluster-row.ts'
import { ownNetwork } from './own-network.ts'

export const ProposeCluster = z.object({ networkId: z.uuid(), settings: ClusterSettingsInput.optional() })
export const ProposeClusterOutput = z.object({ settings: ClusterSettingsInput, findings: z.array(ClusterFinding) })

/** With settings: what stands in their way. Without: some that nothing stands in the way of. */
export async function proposeCluster(
  ctx: Context,
  input: z.infer<typeof ProposeCluster>,
): Promise<z.infer<typeof ProposeClusterOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const network = await ownNetwork(ctx, organizationId, input.networkId)
  const context = await clusterContext(ctx, network)
  if (input.settings) return { settings: input.settings, findings: checkCluster(input.settings, context) }
  const ranges = accept(
    proposeRanges([context.overlay4, context.ula, ...context.taken.map(({ prefix }) => prefix)]),
    'settings.podRange4',
  )
  const settings = {
    ...defaultClusterSettings(network.name, { kind: 'channel', channel: 'stable' }),
    podRange4: ranges.podRange4,
    serviceRange4: ranges.serviceRange4,
  }
  return { settings: ClusterSettingsInput.parse(settings), findings: checkCluster(settings, context) }
}
