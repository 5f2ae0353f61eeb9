import type { IncomingMessage, ServerResponse } from 'node:http'
import { sign } from '../certificates.ts'
import { HttpsClient } from '../https-client.ts'
import { log } from '../log.ts'
import type { Identity as Who } from './authenticate.ts'
import type { Identity } from './identity.ts'
import { Refused } from './refused.ts'

/**
 * The first server, asked by those that joined it: the stand-in keeps the cluster's objects there only. Real servers share
 * them through etcd or a database; what is the same is that with one of two etcd members gone nothing can be written.
 */
export class Upstream {
  readonly #client: HttpsClient

  private constructor(client: HttpsClient) {
    this.#client = client
  }

  static async to(url: string, identity: Identity, advertised: string): Promise<Upstream> {
    const { certificate, key } = await sign(identity.client, { commonName: 'system:k3s-supervisor' })
    const client = new HttpsClient(url, { ca: identity.server.certificate, cert: certificate, key })
    const announce = () =>
      client
        .text(`/v1-k3s/lab/alive?address=${advertised}`, { timeoutMs: 4000 })
        .catch((error: Error) => log.warn(`etcd: lost the leader: ${error.message}`))
    await announce()
    setInterval(announce, 5000)
    return new Upstream(client)
  }

  forwardWatch(url: URL, who: Who | undefined, response: ServerResponse): undefined {
    const headers = { 'x-remote-user': who?.name ?? '', 'x-remote-group': (who?.groups ?? []).join('|') }
    this.#client.stream(`${url.pathname}${url.search}`, headers, response)
    return undefined
  }

  async forward(
    request: IncomingMessage,
    url: URL,
    body: string,
    who: Who | undefined,
  ): Promise<{ code: number; body: unknown }> {
    const headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(request.headers))
      if (/^k3s-|^content-type$|^authorization$/.test(name)) headers[name] = String(value)
    headers['x-remote-user'] = who?.name ?? ''
    headers['x-remote-group'] = (who?.groups ?? []).join('|')
    try {
      const answer = await this.#client.call(`${url.pathname}${url.search}`, { method: request.method, headers, body })
      return { code: answer.code, body: url.pathname.startsWith('/api') ? JSON.parse(answer.body) : answer.body }
    } catch (error) {
      throw new Refused(503, `etcdserver: request timed out: ${(error as Error).message}`)
    }
  }
}
