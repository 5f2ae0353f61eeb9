/** Every procedure begins here: who may call it stands in its `meta.role`, is checked before its input is read, and is tested. */
import { requireRole } from '@spanwire/control/require-role'
import type { ApiContext } from './context.ts'
import { translateError } from './translate-error.ts'
import { type ProcedureRole, t } from './trpc.ts'

export const router = t.router

export function procedure(role: ProcedureRole) {
  return t.procedure
    .meta({ role })
    .use(translated)
    .use(({ ctx, next }) => {
      if (role !== 'public') requireRole(ctx.control, role)
      return next()
    })
}

/** The REST door of a procedure. Ids in the path carry the names that the input gives them. */
export function rest(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: `/${string}`,
  summary: string,
  { tag = path.split('/')[1] ?? '' } = {},
) {
  return { openapi: { method, path, summary, tags: [tag], errorResponses: ERRORS } }
}

const ERRORS = {
  400: 'The input does not fit',
  401: 'No valid API key',
  403: 'The role of the key does not allow it',
  404: 'Not found in this organization',
  409: 'In conflict with what is there',
  412: 'Something has to be done first',
  429: 'Too many requests',
  500: 'Something went wrong on the server',
  503: 'The database does not answer',
}

const translated = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  throw translateError(result.error, (error, correlationId) => ctx.logError(error, { correlationId, path }))
})

/** What breaks a stream after it began is said like what breaks a call. */
export async function* translatedStream<T>(ctx: ApiContext, path: string, stream: AsyncIterable<T>) {
  try {
    yield* stream
  } catch (error) {
    throw translateError(error, (cause, correlationId) => ctx.logError(cause, { correlationId, path }))
  }
}
