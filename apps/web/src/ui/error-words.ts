/** What an error says to a person. The server's refusals are sentences already; the rest is put into words here. */
export function errorWords(error: unknown): { text: string; fix: string | null } {
  const refusal = error as { message?: string; data?: { code?: string; fix?: string | null } }
  if (refusal?.data?.code) return { text: refusal.message ?? refusal.data.code, fix: refusal.data.fix ?? null }
  if (isNetworkFailure(refusal?.message)) {
    return { text: 'The server did not answer.', fix: 'Nothing is lost: try again when it is back.' }
  }
  // Next hides what happened on the server from the browser, rightly.
  return { text: 'The server could not answer just now; its database may be away.', fix: null }
}

function isNetworkFailure(message: string | undefined): boolean {
  return /failed to fetch|networkerror|load failed|fetch failed|unexpected (token|end)/i.test(message ?? '')
}
