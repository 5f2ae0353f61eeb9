/** Whose devices somebody may see and end: their own; those of all, from the role admin on. */
import type { Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { roleAtLeast } from '../require-role.ts'

/** Null where the actor is no person. */
export const personOf = ({ actor }: Context): string | null => (actor.kind === 'person' ? actor.userId : null)

export function ownDevices(ctx: Context): { userId?: string } {
  const { actor } = ctx
  if (actor.kind === 'system' || ('role' in actor && roleAtLeast(actor.role, 'admin'))) return {}
  const userId = personOf(ctx)
  if (userId === null) throw new Refusal('FORBIDDEN', 'Devices belong to persons.', { reason: 'not-a-person' })
  return { userId }
}
