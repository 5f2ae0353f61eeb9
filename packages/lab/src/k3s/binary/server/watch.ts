import type { ServerResponse } from 'node:http'
import type { Identity } from './authenticate.ts'
import { authorize } from './authorize.ts'
import { parseResourcePath } from './resource-path.ts'
import { fieldsMatch, labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'

/**
 * `?watch=true`: every object that is there as ADDED, then each change as it comes, for as long as the client stays. The
 * long connection that controllers in pods keep to the API server, so the one a change of paths must not cut.
 */
export function watch(url: URL, who: Identity, store: Store, response: ServerResponse): void {
  const path = parseResourcePath(url.pathname)
  if (!path) return
  authorize(who, 'GET', path, store)
  const labels = url.searchParams.get('labelSelector') ?? ''
  const fields = url.searchParams.get('fieldSelector') ?? ''
  response.writeHead(200, { 'content-type': 'application/json;stream=watch' })
  const send = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`)
  for (const object of store.list(path.resource, path.namespace))
    if (labelsMatch(object, labels) && fieldsMatch(object, fields)) send('ADDED', object)
  const stop = store.onChange((resource, type, object) => {
    const { namespace } = object.metadata
    const isHere = resource === path.resource && (path.namespace === undefined || namespace === path.namespace)
    if (isHere && labelsMatch(object, labels) && fieldsMatch(object, fields)) send(type, object)
  })
  response.on('close', stop)
}

export function isWatch(url: URL): boolean {
  return /^(1|true)$/.test(url.searchParams.get('watch') ?? '')
}
