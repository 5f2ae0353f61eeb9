// Who a request comes from. The cookie and the key only name somebody: account, role, expiry are read at each request, so that
// a change of role or a revoked key counts at once.
import type { Actor } from '@spanwire/control/context'
import type { Db } from '@spanwire/control/db'
import { findApiKey } from '@spanwire/control/session/find-api-key'
import { findPerson } from '@spanwire/control/session/find-person'
import { decode } from 'next-auth/jwt'

export type Door = { db: Db; secret: string; now: () => Date }

export type Credentials = {
  authorization: string | undefined
  cookie: string | undefined
  /** whether the browser speaks HTTPS: then only the cookie that plain HTTP cannot set counts */
  https: boolean
}

export async function actorOf(door: Door, { authorization, cookie, https }: Credentials): Promise<Actor> {
  // A key that is wrong is nobody, whatever cookie comes along.
  if (authorization !== undefined) return keyOwner(door, authorization)
  const token = sessionToken(cookie, https)
  const subject = token && (await subjectOf(token, door.secret))
  return subject ? findPerson(door.db, subject) : { kind: 'nobody' }
}

export async function keyOwner({ db, now }: Door, authorization: string | undefined): Promise<Actor> {
  const key = /^Bearer (swk_\S+)$/.exec(authorization ?? '')?.[1]
  return key ? findApiKey(db, key, now()) : { kind: 'nobody' }
}

/** next-auth's name for it (its core/lib/cookie.ts). */
export function sessionToken(cookie: string | undefined, https: boolean): string | null {
  const name = https ? '__Secure-next-auth.session-token' : 'next-auth.session-token'
  for (const part of cookie?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return null
}

async function subjectOf(token: string, secret: string): Promise<string | null> {
  // A token of another secret, an expired or a broken one: all are no session.
  const read = await decode({ token, secret }).catch(() => null)
  return read?.sub ?? null
}
