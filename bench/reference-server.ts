/**
 * What everything is compared with: a bare node:http server that does the same input and output and nothing else.
 *
 *   POST /hold     kept open until POST /wake
 *   POST /come/N   the first of a connection is answered with N bytes, others are kept open
 *   POST /wake     answers all that are kept open with its own body
 *   GET  /held     how many are kept open
 *   POST /report   reads the body, answers 204
 */
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const held = new Set<ServerResponse>()
const came = new WeakSet<Socket>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const path = request.url?.split('?')[0]
    const bytes = path?.startsWith('/come/') ? Number(path.slice('/come/'.length)) : null
    if (bytes !== null && !came.has(request.socket)) {
      came.add(request.socket)
      give(response, 'x'.repeat(bytes))
      return
    }
    if (path === '/hold' || bytes !== null) {
      held.add(response)
      response.on('close', () => held.delete(response))
      return
    }
    if (path === '/held') {
      response.end(String(held.size))
      return
    }
    if (path === '/wake') for (const waiting of held) give(waiting, body)
    response.writeHead(204, { 'Spanwire-Protocol': '1' }).end()
  })
})
server.requestTimeout = 0
server.keepAliveTimeout = 120_000
// As many may wait to be accepted as at our server.
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as { port: number }).port }))
process.once('disconnect', () => process.exit(0))

function give(response: ServerResponse, body: Buffer | string): void {
  response.writeHead(200, { 'Content-Length': body.length, 'Spanwire-Protocol': '1' }).end(body)
}
