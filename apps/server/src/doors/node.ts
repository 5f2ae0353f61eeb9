// Where machines knock (docs/protocol.md): parse nothing, call the machine side of control, send its answer as it is.
import { isDatabaseAway } from '@spanwire/control/is-database-away'
import { type Answer, type NodeRequest, nothing, refuse } from '@spanwire/control/machine/answer'
import type { MachineDoors } from '@spanwire/control/machine/create-machine'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FailedTokens } from '../failed-tokens.ts'
import { type Front, originOf } from '../front.ts'
import type { Log } from '../log.ts'
import type { NodeCounters } from '../metrics.ts'

const MEBIBYTE = 1024 * 1024
const DEFAULT_HOLD_SECONDS = 20

export function nodeDoors(
  front: Front,
  machine: MachineDoors,
  failed: FailedTokens,
  counters: NodeCounters,
  log: Log,
): void {
  front.register(async (doors) => {
    // Bodies are bytes, whatever they say they are: reading them is the protocol's business.
    doors.removeAllContentTypeParsers()
    doors.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    doors.setErrorHandler(async (error: Error & { code?: string; statusCode?: number }, request, reply) => {
      if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
        return send(
          reply,
          refuse('too-large', 'this message is longer than the server takes; the script is to send less'),
        )
      if (isDatabaseAway(error))
        return send(
          reply,
          refuse('unavailable', 'the database of the server does not answer; the node keeps what it has'),
        )
      if (error.statusCode && error.statusCode < 500) return send(reply, refuse('malformed', error.message))
      log.error(error, { request: `${request.method} ${request.url.split('?')[0]}` })
      return send(reply, {
        ...refuse('unavailable', 'something went wrong on the server; its log says what'),
        status: 500,
      })
    })

    doors.get('/join', async (_request, reply) => send(reply, machine.join()))

    doors.get('/node/v1/script', async (request, reply) => send(reply, await machine.script(nodeRequest(request))))

    doors.post('/node/v1/enrol', { bodyLimit: MEBIBYTE }, async (request, reply) =>
      send(reply, await withToken(request, failed, () => machine.enrol(nodeRequest(request)))),
    )

    doors.post('/node/v1/step', { bodyLimit: MEBIBYTE }, async (request, reply) =>
      send(reply, await withToken(request, failed, () => machine.step(nodeRequest(request)))),
    )

    doors.get('/node/v1/part/k3s', async (request, reply) =>
      send(reply, await withToken(request, failed, () => machine.part(nodeRequest(request)))),
    )

    doors.get('/node/v1/part/access', async (request, reply) =>
      send(reply, await machine.accessPart(nodeRequest(request))),
    )

    doors.get('/node/v1/part/paths', async (request, reply) =>
      send(reply, await machine.pathsPart(nodeRequest(request))),
    )

    doors.get('/node/v1/part/keys', async (request, reply) => send(reply, await machine.keysPart(nodeRequest(request))))

    doors.get('/node/v1/part/delta', async (request, reply) =>
      send(reply, await machine.deltaPart(nodeRequest(request))),
    )

    doors.get('/node/v1/part/status', async (request, reply) =>
      send(reply, await machine.statusPart(nodeRequest(request))),
    )

    doors.post('/node/v1/preflight', { bodyLimit: MEBIBYTE }, async (request, reply) =>
      send(reply, await withToken(request, failed, () => machine.preflight(nodeRequest(request)))),
    )

    doors.post('/node/v1/answer', { bodyLimit: MEBIBYTE }, async (request, reply) =>
      send(reply, await machine.answer(nodeRequest(request))),
    )

    doors.post('/node/v1/sync', { bodyLimit: 4 * MEBIBYTE }, async (request, reply) => {
      const gone = new AbortController()
      const hungUp = () => gone.abort()
      reply.raw.once('close', hungUp)
      try {
        const answer = await machine.sync(nodeRequest(request), { holdMs: holdMs(request), signal: gone.signal })
        counters.syncs.inc({ status: String(answer.status) })
        if (answer.status === 200) counters.bundleBytes.inc(answer.body.length)
        return send(reply, answer)
      } finally {
        reply.raw.off('close', hungUp)
      }
    })
  })
}

/**
 * Failures with a join token are counted by address. Sync is not: its credentials cannot be guessed either, and one machine with an old
 * credential would lock out the others behind its NAT.
 */
async function withToken(request: FastifyRequest, failed: FailedTokens, act: () => Promise<Answer>): Promise<Answer> {
  const { address } = originOf(request)
  const waitSeconds = failed.waitSeconds(address)
  if (waitSeconds > 0)
    return refuse('slow-down', `too many wrong tokens came from ${address}; wait ${waitSeconds} seconds`, {
      'Retry-After': String(waitSeconds),
    })
  const answer = await act()
  if (answer.status === 401 || answer.status === 403) failed.count(address)
  return answer
}

function nodeRequest(request: FastifyRequest): NodeRequest {
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  return { authorization: request.headers.authorization ?? null, body, address: originOf(request).address }
}

function holdMs(request: FastifyRequest): number {
  const { hold } = request.query as { hold?: string }
  return 1000 * (hold !== undefined && /^\d{1,4}$/.test(hold) ? Number(hold) : DEFAULT_HOLD_SECONDS)
}

/** Fastify gives a string or bytes their Content-Length; a 204 has none (RFC 9110, section 8.6). */
function send(reply: FastifyReply, answer: Answer): FastifyReply {
  reply.code(answer.status).headers(answer.headers)
  if (answer.status === nothing.status) return reply.send()
  return reply.send(
    typeof answer.body === 'string'
      ? answer.body
      : Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength),
  )
}
