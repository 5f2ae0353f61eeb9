import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { serverBridge } from './server-bridge.ts'

/** A week: long enough that an on-call phone is still signed in at 3 a.m. */
const SESSION_SECONDS = 7 * 24 * 3600

/** Who may sign in is decided by the server; next-auth keeps the cookie. Role and rights are read anew at each request. */
export function authOptions(https: boolean): NextAuthOptions {
  return {
    secret: serverBridge().secret,
    useSecureCookies: https,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        name: 'password',
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        async authorize(credentials, request) {
          if (!credentials) return null
          // the server sets it on all that it hands to Next, and strips what came in
          const headers = request.headers ?? {}
          const address: string | undefined = headers['x-spanwire-address']
          return serverBridge()
            .signIn(credentials.email, credentials.password, address ?? null)
            .catch((error: { code?: string }) => {
              // next-auth hands the message to the form: the code says enough there
              throw new Error(error.code === 'TOO_MANY_REQUESTS' ? 'TOO_MANY_REQUESTS' : 'UNAVAILABLE')
            })
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id, name: user.name, email: user.email } : token),
    },
    logger: { error: () => {}, warn: () => {}, debug: () => {} },
  }
}
