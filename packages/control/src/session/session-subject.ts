import { createHash } from 'node:crypto'

/** What a session cookie names: the person, and the password that it was made with. A new password ends the old sessions. */
export function sessionSubject(user: { id: string; passwordHash: string }): string {
  return `${user.id}.${createHash('sha256').update(user.passwordHash).digest('base64url').slice(0, 16)}`
}
