import { diffLines, shortDiff } from '@spanwire/mesh/policy/diff-lines'
import { diffPolicies } from '@spanwire/mesh/policy/diff-policies'
import { planAccess } from '@spanwire/mesh/policy/plan-access'
import { OPEN_POLICY } from '@spanwire/mesh/policy/policy'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { DiffLineRow, PolicyDiffRow } from './policy-row.ts'
import { planOfVersion, readNetworkPolicy } from './read-network-policy.ts'
import { toDiffRow, toLineRows } from './to-rows.ts'

export const ComparePolicies = z.object({
  networkId: z.uuid(),
  /** 0: without a policy */
  from: z.coerce.number().int().min(0),
  to: z.coerce.number().int().min(1),
})
export const ComparePoliciesOutput = z.object({
  from: z.object({ number: z.number(), text: z.string() }),
  to: z.object({ number: z.number(), text: z.string() }),
  lines: z.array(DiffLineRow),
  ...PolicyDiffRow.shape,
})

/** Two versions: their texts side by side, and who would gain and lose what in the network of today. */
export async function comparePolicies(
  ctx: Context,
  input: z.infer<typeof ComparePolicies>,
): Promise<z.infer<typeof ComparePoliciesOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const policy = await readNetworkPolicy(ctx, organizationId, input.networkId)
  const textOf = async (number: number) => {
    if (number === 0) return ''
    const version = await ctx.db.prisma.policyVersion.findUnique({
      where: { networkId_number: { networkId: input.networkId, number } },
    })
    if (!version) throw new Refusal('NOT_FOUND', `There is no version ${number} of this policy.`)
    return version.text
  }
  const planOf = (number: number) =>
    number === 0 ? planAccess(OPEN_POLICY, policy.world) : planOfVersion(ctx, policy, number)
  const [before, after] = [await textOf(input.from), await textOf(input.to)]
  return {
    from: { number: input.from, text: before },
    to: { number: input.to, text: after },
    lines: toLineRows(shortDiff(diffLines(before, after), 3)),
    ...toDiffRow(diffPolicies(await planOf(input.from), await planOf(input.to))),
  }
}
