import type { Context } from './context.ts'
import { Refusal } from './refusal.ts'

/** The tenant that the actor acts in: every query filters by it. */
export function organizationOf(ctx: Context): string {
  const { actor } = ctx
  if ('organizationId' in actor) return actor.organizationId
  throw new Refusal('UNAUTHORIZED', 'Sign in, or send an API key.')
}
