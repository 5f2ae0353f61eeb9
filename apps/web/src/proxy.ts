import { type NextRequest, NextResponse } from 'next/server'

/** A layout does not learn its own URL; the one that sends signed-out people to the door needs it, to bring them back. */
export function proxy(request: NextRequest) {
  const headers = new Headers(request.headers)
  headers.set('x-spanwire-path', request.nextUrl.pathname + request.nextUrl.search)
  return NextResponse.next({ request: { headers } })
}

export const config = { matcher: ['/((?!_next|api|trpc|node|join|favicon|.*\\.[a-z]+$).*)'] }
