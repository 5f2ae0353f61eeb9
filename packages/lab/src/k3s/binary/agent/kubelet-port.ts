/** The kubelet's port 10250, of which `exec` (as its old door /run), `logs` and /healthz are answered. */
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Joined } from './join.ts'
import type { Pods } from './pods.ts'

export async function serveKubelet({ serving, clientCa }: Joined, pods: Pods): Promise<void> {
  const server = createServer(
    { cert: serving.certificate, key: serving.key, ca: clientCa, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://kubelet')
      const end = (code: number, text: string) => response.writeHead(code).end(text)
      if (!(request.socket as TLSSocket).authorized) return end(401, 'Unauthorized')
      const [, door, namespace = '', name = ''] = url.pathname.split('/')
      if (door === 'healthz') return end(200, 'ok')
      const pod = pods.running(namespace, name)
      if (!pod) return end(404, `pod "${name}" not found`)
      if (door === 'containerLogs') return end(200, pod.logs())
      if (door !== 'run') return end(404, '404 page not found')
      const { code, output } = pod.exec(url.searchParams.getAll('command'))
      return end(200, JSON.stringify({ code, output }))
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(new Error('listen tcp 0.0.0.0:10250: bind: address already in use')))
    server.listen(10250, () => resolve())
  })
}
