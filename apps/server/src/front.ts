// The one HTTP server: what holds for every request, whichever door it is for.
import type { IncomingMessage } from 'node:http'
import { isDatabaseAway } from '@spanwire/control/is-database-away'
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import type { Certificate } from './certificate.ts'
import type { Settings } from './env.ts'
import type { Log } from './log.ts'
import { securityHeaders } from './security-headers.ts'

export type Front = FastifyInstance

export function makeFront(settings: Settings, certificate: Certificate | null, log: Log): Front {
  const options = {
    logger: false,
    // Forwarded headers count from these addresses only; without any, the socket's own address is the truth.
    trustProxy: settings.trustedProxies.length > 0 ? settings.trustedProxies : false,
    bodyLimit: 1024 * 1024,
    // A request has to arrive within half a minute; how long its answer takes is another matter (sync holds it for 20 s).
    requestTimeout: 30_000,
    // Longer than the 60 s of usual proxies, so that they close first and never meet a closed connection.
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
  } as const
  const front = (certificate
    ? fastify({ ...options, https: { key: certificate.key, cert: certificate.certificate, minVersion: 'TLSv1.2' } })
    : fastify(options)) as unknown as Front

  front.addHook('onRequest', async (request, reply) => {
    rewriteHeaders(request)
    // A node is no browser, and a fleet asks all the time: its answers carry what the protocol needs.
    if (!request.url.startsWith('/node/')) reply.headers(securityHeaders)
    if (request.protocol === 'https' && settings.tls.kind !== 'self-signed')
      // Not for a self-signed certificate: a browser would then no longer let anybody pass its warning.
      reply.header('Strict-Transport-Security', 'max-age=31536000')
  })

  front.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    if (isDatabaseAway(error))
      return reply.code(503).header('Retry-After', '5').type('text/plain').send('The database does not answer.\n')
    const status = error.statusCode ?? 500
    if (status >= 500) log.error(error, { request: `${request.method} ${request.url.split('?')[0]}` })
    return reply
      .code(status)
      .type('text/plain')
      .send(status >= 500 ? 'Something went wrong on the server.\n' : `${error.message}\n`)
  })
  front.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).type('text/plain').send('There is nothing here.\n'),
  )
  return front
}

export type Origin = { address: string; host: string; https: boolean }

const origins = new WeakMap<IncomingMessage, Origin>()

/** Where a request came from, trusted proxies taken off. */
export function originOf(request: FastifyRequest): Origin {
  const known = origins.get(request.raw)
  if (known) return known
  const origin = { address: plainAddress(request.ip), host: request.host, https: request.protocol === 'https' }
  origins.set(request.raw, origin)
  return origin
}

/**
 * Next and next-auth believe forwarded headers and our own: what came from outside is taken away, and the truth put in its place.
 * What they then say of a request is read from `originOf` everywhere else, which has looked before.
 */
function rewriteHeaders(request: FastifyRequest): void {
  const { address, host, https } = originOf(request)
  const { headers } = request.raw
  for (const name of Object.keys(headers))
    if (
      /^(x-spanwire-|x-forwarded-|forwarded$|x-nonce$|x-middleware-|x-invoke-|x-real-ip$|content-security-policy$)/.test(
        name,
      )
    )
      delete headers[name]
  headers['x-forwarded-proto'] = https ? 'https' : 'http'
  headers['x-forwarded-host'] = host
  headers['x-forwarded-for'] = address
  headers['x-spanwire-address'] = address
}

/** A dual-stack socket shows IPv4 as ::ffff:192.0.2.1. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}
