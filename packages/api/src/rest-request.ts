/** For tests: the request that a script sends for a procedure. Ids go into the path, the rest into the query or the body. */
import { REST_BASE } from './openapi.ts'
import { procedures, type Walked } from './procedures.ts'

export function restRequest(
  server: string,
  { name, openapi }: Walked,
  input: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Request {
  if (!openapi) throw new Error(`${name} has no route`)
  const rest = { ...input }
  const path = openapi.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = String(rest[key])
    delete rest[key]
    return encodeURIComponent(value)
  })
  const url = new URL(`${server}${REST_BASE}${path}`)
  const hasBody = openapi.method === 'POST' || openapi.method === 'PATCH'
  if (!hasBody) for (const [key, value] of Object.entries(rest)) url.searchParams.set(key, String(value))
  return new Request(url, {
    method: openapi.method,
    headers: { ...headers, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(rest) }),
  })
}

const ORDER = ['GET', 'PATCH', 'POST', 'DELETE']
/** What they delete is needed by the others. */
const LAST = ['site.delete', 'cluster.delete', 'node.remove', 'network.delete']

/** Every route, in an order in which all of them can be answered: reads first, deletions last. */
export const restRoutes: readonly Walked[] = procedures
  .filter(({ openapi }) => openapi !== null)
  .toSorted(
    (a, b) =>
      LAST.indexOf(a.name) - LAST.indexOf(b.name) ||
      ORDER.indexOf(a.openapi?.method ?? '') - ORDER.indexOf(b.openapi?.method ?? ''),
  )
