'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from './client.tsx'

export type Role = 'viewer' | 'operator' | 'admin' | 'owner'

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2, owner: 3 }

/**
 * Why the person may not do what needs this role, as a sentence for a disabled button; null when they may.
 * The server decides anew at each request: this only spares a click.
 */
export function useWhyNot(needed: Role): string | null {
  const { data: me } = useQuery(useTRPC().me.get.queryOptions({}))
  if (!me || rank[me.role as Role] >= rank[needed]) return null
  const article = /^[ao]/.test(needed) ? 'an' : 'a'
  return `You are ${/^[ao]/.test(me.role) ? 'an' : 'a'} ${me.role} here; this needs ${article} ${needed}. An owner can change your role.`
}
