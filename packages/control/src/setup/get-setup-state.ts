import { z } from 'zod'
import type { Context } from '../context.ts'

export const GetSetupState = z.object({})
export const GetSetupStateOutput = z.object({ needed: z.boolean() })

/** Whether the first account is still to be made. Anyone may ask: that page is the first one there is. */
export async function getSetupState(ctx: Context): Promise<z.infer<typeof GetSetupStateOutput>> {
  const [done, anyone] = await Promise.all([
    ctx.db.prisma.setup.findFirst(),
    ctx.db.prisma.user.findFirst({ select: { id: true } }),
  ])
  return { needed: done === null && anyone === null }
}
