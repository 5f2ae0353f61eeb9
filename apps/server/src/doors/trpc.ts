import { type AppRouter, appRouter } from '@spanwire/api/router'
import { errorDetail } from '@spanwire/api/translate-error'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyRequest } from 'fastify'
import { type Front, originOf } from '../front.ts'
import type { MakeContext } from '../request-context.ts'
import { isSameOrigin } from '../same-origin.ts'
import { actorOf, type Door } from '../session.ts'
import { compressAnswers } from './compress-answers.ts'

/** For the console in the browser: queries, mutations, and hints as server-sent events. */
export function trpcDoor(front: Front, door: Door, makeContext: MakeContext): void {
  front.register(async (doors) => {
    compressAnswers(doors)
    doors.addHook('onRequest', async (request, reply) => {
      if (!maySend(request))
        return reply
          .code(403)
          .type('text/plain')
          .send('This request came from another site, so nothing was done: open the console at its own address.\n')
    })
    const trpcOptions: FastifyTRPCPluginOptions<AppRouter>['trpcOptions'] = {
      router: appRouter,
      // Questions too long for an address: a cluster's settings, with all their arguments and mirrors.
      allowMethodOverride: true,
      createContext: ({ req }) => {
        const { address, https } = originOf(req)
        const { authorization, cookie } = req.headers
        return makeContext(() => actorOf(door, { authorization, cookie, https }), address)
      },
      // For proxies and monitors; the console reads the same number from the error itself.
      responseMeta({ errors }) {
        const waits = errors.flatMap((error) => errorDetail(error).retryAfterSeconds ?? [])
        return waits.length === 0 ? {} : { headers: { 'Retry-After': String(Math.max(...waits)) } }
      },
    }
    doors.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions })
  })
}

function maySend(request: FastifyRequest): boolean {
  const { headers, method } = request
  const secFetchSite = headers['sec-fetch-site']
  return isSameOrigin({
    method,
    host: originOf(request).host,
    secFetchSite: Array.isArray(secFetchSite) ? secFetchSite[0] : secFetchSite,
    origin: headers.origin,
    hasCookie: headers.cookie !== undefined,
    hasKey: headers.authorization !== undefined,
  })
}
