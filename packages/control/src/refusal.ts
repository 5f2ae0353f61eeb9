export type RefusalCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'TOO_MANY_REQUESTS'
  | 'UNAVAILABLE'

export type RefusalDetail = {
  /** what to do about it, a sentence */
  readonly fix?: string
  /** for programs, like `token-used` */
  readonly reason?: string
  /** the input field that is to blame, so that a form can point at it */
  readonly field?: string
  readonly retryAfterSeconds?: number
}

/** A request that we understand and do not do. Its message is a sentence for a person; anything else thrown is a bug. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly fix: string | undefined
  readonly reason: string | undefined
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: RefusalCode, message: string, detail: RefusalDetail = {}) {
    super(message)
    this.code = code
    this.fix = detail.fix
    this.reason = detail.reason
    this.field = detail.field
    this.retryAfterSeconds = detail.retryAfterSeconds
  }
}
