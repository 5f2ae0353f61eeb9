import { createHash } from 'node:crypto'
import type { Role } from '../context.ts'

/**
 * What a session cookie names: the person, and the password and role that it was made with. A new password or another role ends the
 * sessions that there are.
 */
export function sessionSubject(user: { id: string; passwordHash: string }, role: Role): string {
  return `${user.id}.${createHash('sha256').update(`${user.passwordHash} ${role}`).digest('base64url').slice(0, 16)}`
}
