import type { FastifyRequest } from 'fastify'
import { type Front, originOf } from '../front.ts'
import type { Metrics } from '../metrics.ts'
import { type Door, keyOwner } from '../session.ts'

/** For Prometheus on this machine, or with an API key of any role. */
export function metricsDoor(front: Front, { registry }: Metrics, door: Door): void {
  front.get('/metrics', async (request, reply) => {
    if (!isLocal(request) && (await keyOwner(door, request.headers.authorization)).kind === 'nobody')
      return reply
        .code(401)
        .header('WWW-Authenticate', 'Bearer')
        .type('text/plain')
        .send('Ask from this machine, or with an API key: Authorization: Bearer swk_…\n')
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/**
 * From loopback and not for somebody else: a proxy on this machine that is not among the trusted ones looks like loopback, too, and says
 * in a header for whom it asks. Headers are read as they came (rawHeaders), since the front has rewritten them.
 */
function isLocal(request: FastifyRequest): boolean {
  const { address } = originOf(request)
  if (address !== '127.0.0.1' && address !== '::1') return false
  return !request.raw.rawHeaders.some((name, at) => at % 2 === 0 && /^(x-)?forwarded/i.test(name))
}
