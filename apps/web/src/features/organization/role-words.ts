import type { Role } from '~/trpc/use-role.ts'

/** What each role may, in the order of the ladder: each also may what stands above it. */
export const roleWords: Record<Role, string> = {
  viewer: 'sees everything, changes nothing',
  operator: 'adds, changes and removes nodes and sites',
  admin: 'also networks, keys and members',
  owner: 'everything, other owners too',
}

/** Nobody gives more than they have. */
export function rolesUpTo(own: Role | undefined): { value: Role; label: string }[] {
  const ladder = Object.keys(roleWords) as Role[]
  return ladder
    .slice(0, ladder.indexOf(own ?? 'viewer') + 1)
    .map((value) => ({ value, label: `${value}: ${roleWords[value]}` }))
}
