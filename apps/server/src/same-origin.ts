export type Origins = {
  method: string
  /** Host header as the browser sent it, trusted proxies respected */
  host: string
  secFetchSite: string | undefined
  origin: string | undefined
  hasCookie: boolean
  hasKey: boolean
}

/**
 * Whether a request may change something. Browsers send cookies along with what other sites make them send, but they say
 * where it came from (Fetch Metadata, and Origin on every POST). A key is never sent by a browser on its own.
 */
export function isSameOrigin({ method, host, secFetchSite, origin, hasCookie, hasKey }: Origins): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return true
  if (hasKey && secFetchSite === undefined && origin === undefined) return true
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin'
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === host
  // Neither is said: no browser. A cookie without a browser is a copied one.
  return !hasCookie
}
