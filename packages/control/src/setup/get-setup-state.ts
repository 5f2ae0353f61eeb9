import { z } from 'zod'
import type { Context } from '../context.ts'

export const GetSetupState = z.object({})
export const GetSetupStateOutput = z.object({ needed: z.boolean() })

/** Whether nobody has an account yet. Anyone may ask: the page that makes the owner is the first one there is. */
export async function getSetupState(ctx: Context): Promise<z.infer<typeof GetSetupStateOutput>> {
  const anyone = await ctx.db.prisma.user.findFirst({ select: { id: true } })
  return { needed: anyone === null }
}
