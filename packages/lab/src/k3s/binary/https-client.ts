import type { ServerResponse } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'

export type Answer = { code: number; body: string }
export type Call = {
  method?: string
  headers?: Record<string, string>
  body?: string
  timeoutMs?: number
}

/** One server, one authority to trust (none: whatever certificate it shows), maybe a client certificate. */
export class HttpsClient {
  readonly base: URL
  readonly #options: RequestOptions
  readonly #agent: Agent

  constructor(base: string, tls: { ca?: string; cert?: string; key?: string }) {
    this.base = new URL(base)
    this.#agent = new Agent({ keepAlive: true })
    this.#options = { ...tls, rejectUnauthorized: tls.ca !== undefined, agent: this.#agent }
  }

  /** Fails when there is no answer; any status is one. */
  call(path: string, { method = 'GET', headers, body, timeoutMs = 10_000 }: Call = {}): Promise<Answer> {
    const url = new URL(path, this.base)
    return new Promise((resolve, reject) => {
      const asking = request(url, { ...this.#options, method, headers: { connection: 'keep-alive', ...headers } })
      asking.setTimeout(timeoutMs, () => asking.destroy(new Error('context deadline exceeded')))
      asking.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection may be closed by the other end just as it is used again; Go's client asks once more, too.
        if (asking.reusedSocket && error.code === 'ECONNRESET') {
          this.call(path, { method, headers, body, timeoutMs }).then(resolve, reject)
          return
        }
        reject(new Error(`${title(method)} "${url}": ${goError(error)}`))
      })
      asking.on('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => resolve({ code: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      })
      asking.end(body)
    })
  }

  /** As k3s's own client: anything but 2xx is an error that holds the URL and the status. */
  async text(path: string, call: Call = {}): Promise<string> {
    const { code, body } = await this.call(path, call)
    if (code >= 200 && code < 300) return body
    throw new HttpError(code, `${new URL(path, this.base)}: ${code} ${STATUS[code] ?? ''}`.trim(), body)
  }

  /** Hands the answer on as it comes; ends with either side. */
  stream(path: string, headers: Record<string, string>, to: ServerResponse): void {
    const asking = request(new URL(path, this.base), { ...this.#options, agent: false, headers })
    asking.on('response', (answer) => {
      to.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'text/plain' })
      answer.pipe(to)
    })
    asking.on('error', () => to.destroy())
    to.on('close', () => asking.destroy())
    asking.end()
  }

  close(): void {
    this.#agent.destroy()
  }
}

export class HttpError extends Error {
  readonly code: number
  readonly body: string
  constructor(code: number, message: string, body: string) {
    super(message)
    this.code = code
    this.body = body
  }
}

const STATUS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

function title(method: string): string {
  return method.charAt(0) + method.slice(1).toLowerCase()
}

/** In Go's words, for these are what people search for. */
function goError(error: Error): string {
  const { code, address, port } = error as Error & { code?: string; address?: string; port?: number }
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `dial tcp ${address}:${port}: connect: no route to host`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dial tcp: lookup failed: no such host'
  if (code === 'ECONNRESET') return 'EOF'
  if (/certificate|CERT|self.signed/.test(`${code}${error.message}`))
    return `tls: failed to verify certificate: x509: ${/altnames/i.test(error.message) ? error.message : 'certificate signed by unknown authority'}`
  return error.message
}
