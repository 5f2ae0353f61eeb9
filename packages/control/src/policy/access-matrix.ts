import { REACH_GROUPINGS, reachGroups } from '@spanwire/mesh/policy/reach-groups'
import { REACH_BLOCK, reachMatrix } from '@spanwire/mesh/policy/reach-matrix'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { askedPlan } from './asked-plan.ts'
import { PolicyText } from './policy-text.ts'
import { reachSignature } from './reach-signature.ts'

export const AccessMatrix = z.object({
  networkId: z.uuid(),
  /** `alike`: who is treated alike by every rule; else each by itself, by site, by tag; devices by person, pods by cluster */
  by: z.enum(REACH_GROUPINGS).default('alike'),
  family: z.enum(['4', '6']).default('4'),
  /** under this text, and not under what holds */
  text: PolicyText.optional(),
})
export const AccessMatrixOutput = z.object({
  /** null: there is no policy, or a text was asked about */
  number: z.number().nullable(),
  /** equal for the same groups in the same order */
  of: z.string(),
  groups: z.array(
    z.object({
      label: z.string(),
      members: z.array(z.string()),
      /** one or two words by which `explain` means them, or one of them */
      ask: z.array(z.string()),
    }),
  ),
  /** `cells[from][to]` of the first block: `everything`, `tcp 443; ping`, `some: tcp 22`, `nothing` or `itself` */
  cells: z.array(z.array(z.string())),
  /** rows and columns of a block; further ones are asked for by their place */
  block: z.number(),
})

/** Who reaches what: all groups, and the first block of cells. */
export async function accessMatrix(
  ctx: Context,
  input: z.infer<typeof AccessMatrix>,
): Promise<z.infer<typeof AccessMatrixOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { plan, number } = await askedPlan(ctx, organizationId, input)
  const groups = reachGroups(plan, input.family === '4' ? 4 : 6, input.by)
  const first = groups.slice(0, REACH_BLOCK)
  return {
    number,
    of: reachSignature(groups),
    groups: groups.map(({ label, members, ask }) => ({ label, members: [...members], ask: [...ask] })),
    cells: reachMatrix(plan, first, first).map((row) => [...row]),
    block: REACH_BLOCK,
  }
}
