import { checkPolicy as judge } from '@spanwire/mesh/policy/check-policy'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { ClusterWarningRow, PolicyDiffRow, PolicyFinding, PolicyTestRow } from './policy-row.ts'
import { PolicyText } from './policy-text.ts'
import { readNetworkPolicy } from './read-network-policy.ts'
import { toDiffRow, toFindingRow, toTestRow, toWarningRow } from './to-rows.ts'

export const CheckPolicy = z.object({ networkId: z.uuid(), text: PolicyText })
export const CheckPolicyOutput = z.object({
  /** any refuses the text */
  errors: z.array(PolicyFinding),
  warnings: z.array(PolicyFinding),
  tests: z.array(PolicyTestRow),
  ...PolicyDiffRow.shape,
  counts: z.object({
    rules: z.number(),
    nodes: z.number(),
    devices: z.number(),
    tests: z.number(),
    failed: z.number(),
  }),
  cluster: z.array(ClusterWarningRow),
})

/** Changes nothing: what would be said, gained and lost if the text were saved. */
export async function checkPolicy(
  ctx: Context,
  input: z.infer<typeof CheckPolicy>,
): Promise<z.infer<typeof CheckPolicyOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { world, plan } = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const { errors, warnings, tests, diff, cluster, plan: after } = judge(input.text, world, plan)
  return {
    errors: errors.slice(0, MOST).map(toFindingRow),
    warnings: warnings.slice(0, MOST).map(toFindingRow),
    tests: tests.map(toTestRow),
    ...toDiffRow(diff),
    counts: {
      rules: after?.policy.rules.length ?? 0,
      nodes: world.nodes.length,
      devices: world.devices.length,
      tests: tests.length,
      failed: tests.filter(({ state }) => state === 'failed').length,
    },
    cluster: cluster.map(toWarningRow),
  }
}

/** A file of another kind has an error in each line. */
const MOST = 200
