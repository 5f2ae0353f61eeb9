/** The router as a list, for the tests that walk it. */
import { TRPCError } from '@trpc/server'
import type { z } from 'zod'
import type { ApiContext } from './context.ts'
import { appRouter } from './router.ts'
import type { Meta, ProcedureRole } from './trpc.ts'

export type Walked = {
  readonly name: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly role: ProcedureRole | undefined
  readonly openapi: NonNullable<Meta['openapi']> | null
  readonly shape: Readonly<Record<string, z.ZodType>>
}

type Definition = { type: Walked['type']; meta?: Meta; inputs: { shape?: Walked['shape'] }[] }

export const procedures: readonly Walked[] = Object.entries(appRouter._def.procedures).map(([name, procedure]) => {
  const { type, meta, inputs } = (procedure as unknown as { _def: Definition })._def
  return { name, type, role: meta?.role, openapi: meta?.openapi ?? null, shape: inputs[0]?.shape ?? {} }
})

/** The code that a call ends with, `OK` when it does not fail; of a subscription, that of its first word. */
export async function outcome(ctx: ApiContext, { name, type }: Walked, input: unknown): Promise<string> {
  try {
    const answer = await callerOf(ctx, name)(input)
    if (type === 'subscription') {
      const stream = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      // The first word may take for ever; that none refused it by then is the answer.
      const first = await Promise.race([stream.next(), new Promise((resolve) => setTimeout(resolve, 300))])
      void stream.return?.()
      if (first instanceof Error) throw first
    }
    return 'OK'
  } catch (error) {
    return error instanceof TRPCError ? error.code : `not translated: ${error}`
  }
}

function callerOf(ctx: ApiContext, name: string): (input: unknown) => Promise<unknown> {
  let caller: unknown = appRouter.createCaller(ctx)
  for (const part of name.split('.')) caller = (caller as Record<string, unknown>)[part]
  return caller as (input: unknown) => Promise<unknown>
}
