/** The way to a server for all nodes of a fleet: one pool of kept connections, and the pin checked where there is one. */
import { createHash, type X509Certificate } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:tls'

export type DoorAnswer = {
  /** 0 unless a Spanwire server gave a whole answer */
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  /** `performance.now()` when the last byte was here */
  readonly at: number
}

export type DoorRequest = {
  readonly path: string
  readonly bearer?: string
  /** POSTed; without it the path is fetched. */
  readonly message?: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export type Door = { readonly url: string; ask(request: DoorRequest): Promise<DoorAnswer>; close(): void }

export async function openDoor(url: string, pin: string | null): Promise<Door> {
  const { protocol, hostname, port } = new URL(url)
  const isSecure = protocol === 'https:'
  const options = {
    keepAlive: true,
    maxSockets: Number.POSITIVE_INFINITY,
    maxFreeSockets: Number.POSITIVE_INFINITY,
    scheduling: 'lifo' as const,
  }
  const agent = isSecure
    ? new https.Agent({ ...options, ...(pin === null ? {} : await pinned(hostname, Number(port || 443), pin)) })
    : new http.Agent(options)
  const host = hostname.replace(/^\[|\]$/g, '')
  const { request } = isSecure ? https : http

  const ask = ({ path, bearer, message, timeoutMs, signal }: DoorRequest) =>
    new Promise<DoorAnswer>((resolve, reject) => {
      const headers: http.OutgoingHttpHeaders = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }
      if (message !== undefined) {
        headers['Content-Type'] = 'text/plain'
        headers['Content-Length'] = Buffer.byteLength(message)
      }
      const method = message === undefined ? 'GET' : 'POST'
      const asked = request({ agent, host, port, path, method, headers, timeout: timeoutMs, signal }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const isOurs = answer.headers['spanwire-protocol'] === '1' && answer.complete
          resolve({
            status: isOurs ? (answer.statusCode ?? 0) : 0,
            headers: answer.headers,
            body: Buffer.concat(chunks),
            at: performance.now(),
          })
        })
      })
      asked.on('timeout', () => asked.destroy(new Error(`${url} did not answer within ${timeoutMs / 1000} s`)))
      asked.on('error', reject)
      asked.end(message)
    })
  return { url, ask, close: () => agent.destroy() }
}

/** The server shows its certificate once; when its key is the pinned one, exactly that certificate is trusted from there on. */
async function pinned(host: string, port: number, pin: string): Promise<https.AgentOptions> {
  const certificate = await new Promise<X509Certificate>((resolve, reject) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      const shown = socket.getPeerX509Certificate()
      socket.destroy()
      if (shown) resolve(shown)
      else reject(new Error('the server showed no certificate'))
    })
    socket.on('error', reject)
  })
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  if (`sha256//${createHash('sha256').update(key).digest('base64')}` !== pin)
    throw new Error('the server has another key than the pinned one')
  return { ca: certificate.toString(), checkServerIdentity: () => undefined }
}
