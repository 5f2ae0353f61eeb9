/** Whether an error says that the database cannot be reached or is not ready, rather than that a statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && (AWAY.has(code) || /^(08|53|57P)/.test(code))) return true
  if (
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Can't reach database/.test(
      error.message,
    )
  )
    return true
  return error.cause !== undefined && error.cause !== error && isDatabaseAway(error.cause)
}

/** Node's socket errors and Prisma's (P1001 not reached, P1002 timed out, P1008 operation timed out, P1017 closed, P2024 pool). */
const AWAY = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024'],
])
