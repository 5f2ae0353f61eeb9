/** A client with kept connections that says when the last byte of an answer came and how many there were, head and body. */
import { Agent, request } from 'node:http'
import type { Socket } from 'node:net'

export type Ask = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export type Answer = {
  readonly status: number
  readonly body: Buffer
  /** `performance.now()` when the last byte was here */
  readonly at: number
  /** Off the socket, head and body; TLS and TCP come on top. */
  readonly bytes: number
}

export type Asked = { readonly sent: Promise<void>; readonly answer: Promise<Answer> }

export type HttpClient = { ask(ask: Ask): Asked; close(): void }

export function httpClient(url: string): HttpClient {
  const { hostname: host, port } = new URL(url)
  const agent = new Agent({
    ...{ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: Number.POSITIVE_INFINITY },
    scheduling: 'lifo',
  })
  const ask = ({ method, path, headers, body }: Ask): Asked => {
    const asked = request({
      ...{ agent, host, port, method, path },
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
    })
    const sent = new Promise<void>((resolve, reject) => asked.once('finish', resolve).once('error', reject))
    const answer = new Promise<Answer>((resolve, reject) => {
      let socket: Socket
      let before = 0
      asked.once('socket', (given) => {
        socket = given
        before = given.bytesRead
      })
      asked.once('error', reject)
      asked.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () =>
          resolve({
            ...{ status: response.statusCode ?? 0, body: Buffer.concat(chunks), at: performance.now() },
            bytes: socket.bytesRead - before,
          }),
        )
      })
    })
    asked.end(body)
    return { sent, answer }
  }
  return { ask, close: () => agent.destroy() }
}
