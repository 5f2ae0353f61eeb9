import type { Context } from './context.ts'

/** As `createdBy` keeps it: a name that still says something when the account is gone. */
export function actorName(ctx: Context): string {
  const { actor } = ctx
  if (actor.kind === 'nobody') return 'nobody'
  return actor.kind === 'api-key' ? `API key ${actor.name}` : actor.name
}
