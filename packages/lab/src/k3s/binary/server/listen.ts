/** The one TLS port of a server: the supervisor's doors and the API behind it. */

import { writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { sign } from '../certificates.ts'
import { paths } from '../paths.ts'
import { version } from '../version.ts'
import { type ApiRequest, answerApi } from './api-routes.ts'
import { authenticate } from './authenticate.ts'
import { answerKubelet } from './kubelet-proxy.ts'
import { Refused } from './refused.ts'
import { answerSupervisor, type Cluster } from './supervisor-routes.ts'
import type { Upstream } from './upstream.ts'
import { isWatch, watch } from './watch.ts'

export async function listen(cluster: Cluster, upstream: Upstream | undefined): Promise<void> {
  const { config, identity } = cluster
  const serving = await sign(identity.server, { commonName: 'k3s', organizations: ['k3s'], names: config.names })
  writeFileSync(paths.tls(config.data, 'serving-kube-apiserver.crt'), serving.certificate + identity.server.certificate)
  writeFileSync(paths.tls(config.data, 'serving-kube-apiserver.key'), serving.key, { mode: 0o600 })
  const server = createServer(
    {
      cert: serving.certificate + identity.server.certificate,
      key: serving.key,
      ca: identity.client.certificate,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      answer(request, response, cluster, upstream).then(
        (answered) => answered && send(response, answered.code, answered.body),
        (error: Error) => refuse(response, request.url ?? '', error),
      )
    },
  )
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = { EADDRINUSE: 'address already in use', EADDRNOTAVAIL: 'cannot assign requested address' }
      const words = why[error.code as keyof typeof why] ?? error.message
      reject(new Error(`listen tcp ${config.bindAddress}:${config.port}: bind: ${words}`))
    })
    server.listen(config.port, config.bindAddress, () => resolve())
  })
}

/** Nothing when the answer goes on by itself. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  cluster: Cluster,
  upstream: Upstream | undefined,
): Promise<{ code: number; body: unknown } | undefined> {
  const url = new URL(request.url ?? '/', 'https://server')
  const body = await read(request)
  if (url.pathname === '/cacerts') return { code: 200, body: cluster.identity.server.certificate }
  if (url.pathname === '/ping') return { code: 200, body: 'pong' }
  // A server that joined knows no bootstrap tokens: the first one says whether they hold.
  const foreign = upstream !== undefined && request.headers.authorization?.startsWith('Bearer ')
  const who = authenticate(request, upstream ? undefined : cluster.store, cluster.identity)
  if (!who && !foreign) throw new Refused(401, 'Unauthorized')
  if (upstream && url.pathname !== '/v1-k3s/server-bootstrap') {
    if (isWatch(url)) return upstream.forwardWatch(url, who, response)
    return upstream.forward(request, url, body, who)
  }
  if (!who) throw new Refused(401, 'Unauthorized')
  if (url.pathname.startsWith('/v1-k3s/'))
    return { code: 200, body: await answerSupervisor(request, url, who, cluster) }
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(url.pathname)) return { code: 200, body: 'ok' }
  if (url.pathname === '/version') return { code: 200, body: versionInfo() }
  if (isWatch(url)) {
    watch(url, who, cluster.store, response)
    return undefined
  }
  const asked: ApiRequest = { method: request.method ?? 'GET', url, body, who }
  return (await answerKubelet(asked, cluster)) ?? answerApi(asked, cluster.store, cluster.config.serviceCidr)
}

function versionInfo(): object {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? []
  return { major, minor, gitVersion: version, gitTreeState: 'clean', platform: `linux/${process.arch}` }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, code: number, body: unknown): void {
  const isText = typeof body === 'string'
  response.writeHead(code, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' })
  response.end(isText ? body : JSON.stringify(body))
}

function refuse(response: ServerResponse, path: string, error: Error): void {
  const refused = error instanceof Refused ? error : new Refused(500, error.message)
  send(response, refused.code, path.startsWith('/v1-k3s/') ? refused.message : refused.status())
}
