const REASONS: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  422: 'Invalid',
  500: 'InternalError',
  503: 'ServiceUnavailable',
}

/** A request answered with other than 2xx; as the API server's `Status` object where it is about the API. */
export class Refused extends Error {
  readonly code: number
  readonly reason: string

  constructor(code: number, message: string, reason = REASONS[code] ?? 'Unknown') {
    super(message)
    this.code = code
    this.reason = reason
  }

  status(): object {
    const { message, reason, code } = this
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }
  }
}
