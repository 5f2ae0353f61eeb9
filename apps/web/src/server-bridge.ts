import type { AppRouter } from '@spanwire/api/router'

/**
 * What apps/server leaves for Next, in the same process: pages read through it without a trip over HTTP, and sign-in
 * checks a password with it. `call` runs a procedure as the person whose session cookie stands in `headers`.
 */
export type ServerBridge = {
  /** Rejects with a TRPCError-like error whose `code` is tRPC's ('UNAUTHORIZED', 'NOT_FOUND', …). */
  call(path: string, type: 'query' | 'mutation', input: unknown, headers: Headers): Promise<unknown>
  /**
   * null when account or password is wrong; rejects with code 'TOO_MANY_REQUESTS' when throttled. `address` is what the
   * request header `x-spanwire-address` says: the server sets it on all that it hands to Next and strips what came in.
   */
  signIn(email: string, password: string, address: string | null): Promise<SignedInPerson | null>
  /** signs the session cookie */
  secret: string
}

/**
 * `id` goes into the session cookie unchanged (next-auth's user id, the JWT's `sub`). It is opaque: besides the person it
 * names the password it was made with, so that a new password ends the sessions of the old one.
 */
export type SignedInPerson = { id: string; name: string; email: string }

export type { AppRouter }

declare global {
  var __spanwire: ServerBridge | undefined
}

export function serverBridge(): ServerBridge {
  const bridge = globalThis.__spanwire
  if (!bridge) throw new Error('The console was started without its server: run `npm start`, not `next start`.')
  return bridge
}
