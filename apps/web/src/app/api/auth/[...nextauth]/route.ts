import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from '~/auth.ts'

type Context = { params: Promise<{ nextauth: string[] }> }

/** Secure cookies exactly when the person's browser speaks HTTPS; Fastify has checked that the header comes from a trusted proxy. */
function handler(request: NextRequest, context: Context) {
  const protocol = request.headers.get('x-forwarded-proto') ?? request.nextUrl.protocol.replace(':', '')
  return NextAuth(request as never, context as never, authOptions(protocol === 'https'))
}

export { handler as GET, handler as POST }
