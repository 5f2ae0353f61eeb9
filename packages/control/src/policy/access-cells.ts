import { reachGroups } from '@spanwire/mesh/policy/reach-groups'
import { REACH_BLOCK, reachMatrix } from '@spanwire/mesh/policy/reach-matrix'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { requireRole } from '../require-role.ts'
import { AccessMatrix, AccessMatrixOutput } from './access-matrix.ts'
import { askedPlan } from './asked-plan.ts'
import { reachSignature } from './reach-signature.ts'

export const AccessCells = AccessMatrix.extend({
  /** places of the first row and column of the block */
  row: z.coerce.number().int().min(0).max(1_000_000),
  column: z.coerce.number().int().min(0).max(1_000_000),
})
export const AccessCellsOutput = AccessMatrixOutput.pick({ of: true, cells: true })

/** One block of cells: of a thousand machines nobody sees a million pairs at once. */
export async function accessCells(
  ctx: Context,
  { row, column, ...input }: z.infer<typeof AccessCells>,
): Promise<z.infer<typeof AccessCellsOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { plan } = await askedPlan(ctx, organizationId, input)
  const groups = reachGroups(plan, input.family === '4' ? 4 : 6, input.by)
  const from = groups.slice(row, row + REACH_BLOCK)
  const to = groups.slice(column, column + REACH_BLOCK)
  return { of: reachSignature(groups), cells: reachMatrix(plan, from, to).map((cells) => [...cells]) }
}
