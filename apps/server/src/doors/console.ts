import { randomBytes } from 'node:crypto'
import { nextDir } from '@spanwire/web/next-dir'
import next from 'next'
import type { Front } from '../front.ts'
import { contentSecurityPolicy } from '../security-headers.ts'
import { Stop } from '../stop.ts'

export type Console = { close(): Promise<void> }

/** The pages, behind all other doors. Next gets the raw request, with its body unread. */
export async function consoleDoor(front: Front, host: string, port: number): Promise<Console> {
  const app = next({ dev: false, dir: nextDir, hostname: host, port, quiet: true })
  await app.prepare().catch((error: Error) => {
    if (/production build|BUILD_ID/i.test(error.message))
      throw new Stop('The console is not built: start by `npm start`, or build it by `npm run build`.')
    throw error
  })
  const handle = app.getRequestHandler()
  front.register(async (doors) => {
    doors.removeAllContentTypeParsers()
    doors.addContentTypeParser('*', (_request, _payload, done) => done(null))
    doors.all('/*', async (request, reply) => {
      const nonce = randomBytes(16).toString('base64')
      const policy = contentSecurityPolicy(nonce)
      // Next takes the nonce for its own scripts out of the request's policy, pages take it from x-nonce.
      request.raw.headers['content-security-policy'] = policy
      request.raw.headers['x-nonce'] = nonce
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value)
      reply.raw.setHeader('Content-Security-Policy', policy)
      reply.hijack()
      await handle(request.raw, reply.raw)
    })
  })
  return { close: () => app.close() }
}
