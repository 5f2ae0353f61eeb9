/**
 * What everything is compared with: a bare node:http server that does the same input and output and nothing else.
 *
 *   POST /hold     kept open until POST /wake
 *   POST /wake     answers all that are kept open with its own body
 *   GET  /held     how many are kept open
 *   POST /report   reads the body, answers 204
 */
import { createServer, type ServerResponse } from 'node:http'

const held = new Set<ServerResponse>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const path = request.url?.split('?')[0]
    if (path === '/hold') {
      held.add(response)
      response.on('close', () => held.delete(response))
      return
    }
    if (path === '/held') {
      response.end(String(held.size))
      return
    }
    if (path === '/wake')
      for (const waiting of held)
        waiting.writeHead(200, { 'Content-Length': body.length, 'Spanwire-Protocol': '1' }).end(body)
    response.writeHead(204, { 'Spanwire-Protocol': '1' }).end()
  })
})
server.requestTimeout = 0
server.keepAliveTimeout = 120_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
process.once('disconnect', () => process.exit(0))
