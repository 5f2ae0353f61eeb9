import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const press = promisify(gzip)

/** Under this an answer is one or two packets anyway. */
const LEAST_BYTES = 2048

/**
 * The state of some hundred nodes is a few hundred kilobytes of JSON, and a page that is open asks for it again and again: it
 * travels at a tenth of that. Level 1 is nearly as small for such text as the best, at a third of its time, and zlib works beside the
 * event loop. The stream of hints is no JSON and passes untouched.
 */
export function compressAnswers(doors: FastifyInstance): void {
  doors.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!(payload instanceof Response) || !accepts(request.headers['accept-encoding'])) return payload
    if (!payload.headers.get('content-type')?.startsWith('application/json')) return payload
    const text = Buffer.from(await payload.arrayBuffer())
    reply.code(payload.status)
    for (const [name, value] of payload.headers) reply.header(name, value)
    reply.header('vary', [payload.headers.get('vary'), 'accept-encoding'].filter(Boolean).join(', '))
    if (text.length < LEAST_BYTES) return text
    reply.header('content-encoding', 'gzip')
    reply.removeHeader('content-length')
    return press(text, { level: constants.Z_BEST_SPEED })
  })
}

function accepts(encodings: string | string[] | undefined): boolean {
  return /(^|[\s,])gzip($|[\s,;])(?!q=0($|[\s,]))/.test(String(encodings ?? ''))
}
