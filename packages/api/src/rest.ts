/** `/api/v1`: a Request in, a Response out, through the procedures that the console uses. */
import { createOpenApiFetchHandler } from 'trpc-to-openapi'
import type { z } from 'zod'
import type { ApiContext } from './context.ts'
import { openApiDocument, REST_BASE } from './openapi.ts'
import type { RestError } from './rest-error.ts'
import { appRouter } from './router.ts'
import type { ErrorDetail } from './translate-error.ts'

export async function handleRest(request: Request, createContext: () => Promise<ApiContext>): Promise<Response> {
  const { pathname, origin } = new URL(request.url)
  if (request.method === 'GET' && pathname === `${REST_BASE}/openapi.json`)
    return Response.json(openApiDocument(origin))
  const answer = await createOpenApiFetchHandler({
    router: appRouter,
    endpoint: REST_BASE,
    req: await withBody(request),
    createContext,
  })
  return answer.ok ? answer : plainError(answer)
}

/** `curl -X POST …/pause` sends neither body nor type; the path says it all. */
async function withBody(request: Request): Promise<Request> {
  if (request.method === 'GET' || request.method === 'DELETE' || request.headers.get('content-type')) return request
  const body = await request.text()
  const headers = new Headers(request.headers)
  headers.set('content-type', 'application/json')
  return new Request(request.url, { method: request.method, headers, body: body === '' ? '{}' : body })
}

/** The handler wraps what errorFormatter made in an envelope of its own; outside it is one flat object. */
async function plainError(answer: Response): Promise<Response> {
  const { code, message, data } = (await answer.json()) as { code: string; message: string; data: ErrorDetail }
  const { fix, reason, field, retryAfterSeconds, correlationId, issues } = data
  const said = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  const body: z.infer<typeof RestError> = {
    code,
    message: said || message,
    fix,
    reason,
    field,
    retryAfterSeconds,
    correlationId,
    issues,
  }
  return Response.json(body, { status: answer.status, headers: retryAfter(retryAfterSeconds) })
}

const retryAfter = (seconds: number | null): Record<string, string> =>
  seconds === null ? {} : { 'Retry-After': String(seconds) }
