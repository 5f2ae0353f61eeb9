import { checkNames } from '@spanwire/mesh/policy/check-names'
import { clusterWarnings } from '@spanwire/mesh/policy/cluster-warnings'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { ClusterWarningRow, PolicyFinding, TrialRow } from './policy-row.ts'
import { PROPOSED_POLICY } from './policy-text.ts'
import { readNetworkPolicy } from './read-network-policy.ts'
import { toFindingRow, toWarningRow } from './to-rows.ts'
import { readTrialRow } from './trial-row.ts'

export const GetPolicy = z.object({ networkId: z.uuid() })
export const GetPolicyOutput = z.object({
  /** null: there is none, everything inside is allowed, and the text is a proposal that changes nothing */
  number: z.number().nullable(),
  text: z.string(),
  comment: z.string().nullable(),
  createdAt: z.string().nullable(),
  createdBy: z.string().nullable(),
  /** names that mean nobody any more, and the like */
  warnings: z.array(PolicyFinding),
  cluster: z.array(ClusterWarningRow),
  /** the last one, running or ended */
  trial: TrialRow.nullable(),
  /** of the version on trial while it runs */
  trialText: z.string().nullable(),
  /** what an editor offers: names that mean somebody here */
  names: z.object({
    nodes: z.array(z.string()),
    sites: z.array(z.string()),
    tags: z.array(z.string()),
    users: z.array(z.string()),
    clusters: z.array(z.string()),
    devices: z.array(z.object({ name: z.string(), owner: z.string() })),
  }),
})

export async function getPolicy(
  ctx: Context,
  input: z.infer<typeof GetPolicy>,
): Promise<z.infer<typeof GetPolicyOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  // First: of a trial that was confirmed the version that holds is told, too.
  const trial = await readTrialRow(ctx, organizationId, input.networkId)
  const { number, world, plan, networkId } = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const numbers = [number, trial?.state === 'running' ? trial.number : null].filter((one) => one !== null)
  const versions = await ctx.db.prisma.policyVersion.findMany({ where: { networkId, number: { in: numbers } } })
  const holds = versions.find((version) => version.number === number)
  const tried = trial?.state === 'running' ? versions.find((version) => version.number === trial.number) : undefined
  const tags = [...plan.policy.tagOwners.keys(), ...world.nodes.flatMap((node) => node.tags)]
  return {
    number,
    text: holds?.text ?? PROPOSED_POLICY,
    comment: holds?.comment ?? null,
    createdAt: holds?.createdAt.toISOString() ?? null,
    createdBy: holds?.createdBy ?? null,
    warnings: checkNames(plan.policy, world).map(toFindingRow),
    cluster: clusterWarnings(plan, world).map(toWarningRow),
    trial,
    trialText: tried?.text ?? null,
    names: {
      nodes: world.nodes.map(({ name }) => name).sort(),
      sites: [...world.sites],
      tags: [...new Set(tags)].sort(),
      users: world.members.map(({ email }) => email),
      clusters: world.clusters.map(({ name }) => name),
      devices: world.devices.map(({ name, owner }) => ({ name, owner })),
    },
  }
}
