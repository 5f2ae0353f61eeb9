import { handleRest } from '@spanwire/api/rest'
import { type Front, originOf } from '../front.ts'
import type { MakeContext } from '../request-context.ts'
import { type Door, keyOwner } from '../session.ts'

/** For scripts: API keys only. A session cookie counts for nothing here, so no other site can make a browser use it. */
export function restDoor(front: Front, door: Door, makeContext: MakeContext): void {
  front.register(async (doors) => {
    doors.removeAllContentTypeParsers()
    doors.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    doors.all('/api/v1/*', async (incoming, reply) => {
      const { address, host, https } = originOf(incoming)
      const headers = new Headers()
      for (const name of ['accept', 'authorization', 'content-type'] as const) {
        const value = incoming.headers[name]
        if (value !== undefined) headers.set(name, value)
      }
      const hasBody = incoming.body instanceof Uint8Array && incoming.method !== 'GET' && incoming.method !== 'HEAD'
      const request = new Request(`${https ? 'https' : 'http'}://${host}${incoming.url}`, {
        method: incoming.method,
        headers,
        body: hasBody ? Buffer.from(incoming.body as Uint8Array) : undefined,
      })
      const answer = await handleRest(request, () =>
        makeContext(() => keyOwner(door, incoming.headers.authorization), address),
      )
      reply.code(answer.status)
      for (const [name, value] of answer.headers) if (name !== 'content-length') reply.header(name, value)
      reply.header('Cache-Control', 'no-store')
      return reply.send(Buffer.from(await answer.arrayBuffer()))
    })
  })
}
