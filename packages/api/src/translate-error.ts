/**
 * The one place where what went wrong inside becomes what is said outside.
 *
 *   Refusal                its code, sentence, fix and reason
 *   database away          SERVICE_UNAVAILABLE: nothing was lost, try again
 *   input that is not      BAD_REQUEST, each issue with its field
 *   anything else          INTERNAL_SERVER_ERROR and a correlation id; the rest is for the log
 */
import { isDatabaseAway } from '@spanwire/control/is-database-away'
import { Refusal, type RefusalCode } from '@spanwire/control/refusal'
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'

const CODES = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  PRECONDITION_FAILED: 'PRECONDITION_FAILED',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<RefusalCode, TRPCError['code']>

/** As long as the doors of nodes say; the pool opens new connections by itself. */
const DATABASE_RETRY_SECONDS = 5

export function translateError(thrown: unknown, log: (error: unknown, correlationId: string) => void): TRPCError {
  const error = thrown instanceof TRPCError && thrown.cause ? thrown.cause : thrown
  if (error instanceof Refusal) return new TRPCError({ code: CODES[error.code], message: error.message, cause: error })
  if (isDatabaseAway(error)) {
    const refusal = new Refusal('UNAVAILABLE', 'The database does not answer. Nothing was changed.', {
      fix: 'Try again in a minute. Tunnels and the last configuration of every node are untouched.',
      reason: 'database-away',
      retryAfterSeconds: DATABASE_RETRY_SECONDS,
    })
    return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: refusal.message, cause: refusal })
  }
  if (thrown instanceof TRPCError && thrown.code !== 'INTERNAL_SERVER_ERROR') return thrown
  const unexpected = new Unexpected()
  log(error, unexpected.correlationId)
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: unexpected.message, cause: unexpected })
}

export type ErrorDetail = {
  message: string
  /** What to do. */
  fix: string | null
  /** For programs: which of the refusals with one code it is. */
  reason: string | null
  /** The input field that is to blame. */
  field: string | null
  retryAfterSeconds: number | null
  correlationId: string | null
  issues: { path: string; message: string }[]
}

export function errorDetail(error: TRPCError): ErrorDetail {
  const nothing = { fix: null, reason: null, field: null, retryAfterSeconds: null, correlationId: null, issues: [] }
  const { cause } = error
  if (cause instanceof Refusal) {
    const { message, fix = null, reason = null, field = null, retryAfterSeconds = null } = cause
    return { ...nothing, message, fix, reason, field, retryAfterSeconds }
  }
  if (cause instanceof Unexpected) {
    return { ...nothing, message: cause.message, correlationId: cause.correlationId }
  }
  if (error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    const issues = cause.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    const message = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
    return { ...nothing, message, issues }
  }
  // Whatever did not pass the translation may carry secrets of a driver in its words.
  if (error.code === 'INTERNAL_SERVER_ERROR') return { ...nothing, message: 'Something went wrong on the server.' }
  return { ...nothing, message: error.message }
}

class Unexpected extends Error {
  readonly correlationId = crypto.randomUUID().slice(0, 8)
  override get message(): string {
    return `Something went wrong on the server. Its log has the reason under ${this.correlationId}.`
  }
}
