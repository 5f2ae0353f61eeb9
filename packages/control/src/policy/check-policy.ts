import { checkPolicy as judge } from '@spanwire/mesh/policy/check-policy'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { ClusterWarningRow, PolicyDiffRow, PolicyFinding, PolicyTestRow } from './policy-row.ts'
import { PolicyText } from './policy-text.ts'
import { readNetworkPolicy } from './read-network-policy.ts'
import { toDiffRow, toFindingRow, toTestRow, toWarningRow } from './to-rows.ts'
import { findAway } from './trial-facts.ts'

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
  /** nodes that would take no part in the trial and get the version once it is confirmed, with the reason */
  away: z.array(z.object({ id: z.string(), name: z.string(), why: z.string() })),
})

/** Changes nothing: what would be said, gained and lost if the text were saved. */
export async function checkPolicy(
  ctx: Context,
  input: z.infer<typeof CheckPolicy>,
): Promise<z.infer<typeof CheckPolicyOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { world, plan, networkId } = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const away = await findAway(ctx, organizationId, networkId)
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
    away: away.map((node) => ({ ...node })),
  }
}

/** A file of another kind has an error in each line. */
const MOST = 200
