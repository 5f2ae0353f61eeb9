import { sign } from '../certificates.ts'
import { HttpsClient } from '../https-client.ts'
import type { ApiRequest } from './api-routes.ts'
import { authorize } from './authorize.ts'
import { Refused } from './refused.ts'
import { parseResourcePath } from './resource-path.ts'
import type { Cluster } from './supervisor-routes.ts'

/**
 * `kubectl exec` and `logs`: the API server asks the kubelet at the node's InternalIP, directly. Real k3s with
 * egress-selector-mode other than `disabled` goes through the websocket that the agent keeps open, so it also reaches nodes
 * whose address it cannot; the lab is stricter.
 */
export async function answerKubelet(
  { url, method, who }: ApiRequest,
  { store, identity }: Cluster,
): Promise<{ code: number; body: string } | undefined> {
  const path = parseResourcePath(url.pathname)
  if (path?.resource !== 'pods' || (path.subresource !== 'exec' && path.subresource !== 'log')) return undefined
  authorize(who, method, path, store)
  const { spec } = store.get(path)
  const node = store.find('nodes', spec.nodeName ?? '')
  if (!node) throw new Refused(400, `pod ${path.name} does not have a host assigned`)
  const address = node.status.addresses.find((each: { type: string }) => each.type === 'InternalIP')?.address
  const { certificate, key } = await sign(identity.client, {
    commonName: 'system:apiserver',
    organizations: ['system:masters'],
  })
  const kubelet = new HttpsClient(`https://${address}:10250`, {
    ca: identity.server.certificate,
    cert: certificate,
    key,
  })
  const [door, verb] = path.subresource === 'exec' ? ['run', 'POST'] : ['containerLogs', 'GET']
  try {
    const asked = `/${door}/${path.namespace}/${path.name}${url.search}`
    return await kubelet.call(asked, { method: verb, timeoutMs: 60_000 })
  } catch (error) {
    throw new Refused(500, `error dialing backend: ${(error as Error).message}`)
  } finally {
    kubelet.close()
  }
}
