// The one seam between the console's server side (pages, sign-in) and the server that runs it in the same process.
// Types only: apps/server puts the object in place before it serves the first page.

export type ServerBridge = {
  /** Key of the session cookie: next-auth's `secret`. */
  secret: string
  /** Version of the server, for the footer. */
  version: string
  /**
   * Checks a password, throttled by account and by `address`. `address` is what the header `x-spanwire-address` says: the
   * server sets it on each request it hands to Next and strips any that came in from outside.
   */
  signIn(email: string, password: string, address: string | null): Promise<SignIn>
  /**
   * Runs one procedure of the api's router in this process, as the person or key that `headers` (the page's own request
   * headers) stand for. Never throws for a refusal: `error` is what tRPC would have sent to the browser, for
   * `TRPCClientError.from(answer)`.
   */
  call(path: string, type: 'query' | 'mutation', input: unknown, headers: Headers): Promise<CallAnswer>
}

/**
 * `subject` is what the session cookie must carry as next-auth's user id (JWT `sub`), unchanged. It is opaque: besides the
 * person it names the password it was made with, so that a new password ends the old sessions.
 */
export type SignIn =
  | { ok: true; subject: string; name: string; email: string }
  | { ok: false; reason: 'wrong' | 'slow-down'; message: string; retryAfterSeconds?: number }

export type CallAnswer =
  | { result: { data: unknown } }
  | { error: { message: string; code: number; data: { code: string; httpStatus: number; path?: string } } }

declare global {
  var __spanwire: ServerBridge | undefined
}
