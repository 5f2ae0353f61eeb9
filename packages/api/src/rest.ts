/** `/api/v1`: a Request in, a Response out, through the procedures that the console uses. */
import { createOpenApiFetchHandler } from 'trpc-to-openapi'
import type { ApiContext } from './context.ts'
import { openApiDocument, REST_BASE } from './openapi.ts'
import { appRouter } from './router.ts'
import { errorDetail } from './translate-error.ts'

export async function handleRest(request: Request, createContext: () => Promise<ApiContext>): Promise<Response> {
  const { pathname, origin } = new URL(request.url)
  if (request.method === 'GET' && pathname === `${REST_BASE}/openapi.json`)
    return Response.json(openApiDocument(origin))
  return createOpenApiFetchHandler({
    router: appRouter,
    endpoint: REST_BASE,
    req: await withBody(request),
    createContext,
    responseMeta: ({ errors: [error] }) => ({ headers: error ? retryAfter(errorDetail(error).retryAfterSeconds) : {} }),
  })
}

const retryAfter = (seconds: number | null): Record<string, string> =>
  seconds === null ? {} : { 'Retry-After': String(seconds) }

/** `curl -X POST …/pause` sends neither body nor type; the path says it all. */
async function withBody(request: Request): Promise<Request> {
  if (request.method === 'GET' || request.method === 'DELETE' || request.headers.get('content-type')) return request
  const body = await request.text()
  const headers = new Headers(request.headers)
  headers.set('content-type', 'application/json')
  return new Request(request.url, { method: request.method, headers, body: body === '' ? '{}' : body })
}
