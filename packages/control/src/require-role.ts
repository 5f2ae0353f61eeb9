import type { Context, Role } from './context.ts'
import { Refusal } from './refusal.ts'

const ORDER: readonly Role[] = ['viewer', 'operator', 'admin', 'owner']

export const roleAtLeast = (role: Role, least: Role): boolean => ORDER.indexOf(role) >= ORDER.indexOf(least)

/** The first line of every verb of persons. What it returns is the only tenant the verb may touch. */
export function requireRole(ctx: Context, least: Role): { readonly organizationId: string } {
  const { actor } = ctx
  switch (actor.kind) {
    case 'nobody':
      throw new Refusal('UNAUTHORIZED', 'Sign in first.')
    case 'node':
      throw new Refusal('FORBIDDEN', 'A node may not do this; it is for people and their keys.')
    case 'system':
      if (actor.organizationId === undefined) {
        throw new Refusal('BAD_REQUEST', 'Name the organization that this is for.')
      }
      return { organizationId: actor.organizationId }
    case 'person':
    case 'api-key':
      if (!roleAtLeast(actor.role, least)) {
        throw new Refusal('FORBIDDEN', `This needs the role ${least}; ${actor.name} has the role ${actor.role}.`, {
          fix: 'Ask an owner of the organization for the role.',
        })
      }
      return { organizationId: actor.organizationId }
  }
}
