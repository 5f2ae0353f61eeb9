/** The Kubernetes API as far as its clients in the lab use it: any resource, stored as it comes. */
import { type Cidr, nth } from '../cidr.ts'
import type { Identity } from './authenticate.ts'
import { authorize } from './authorize.ts'
import { type KubeObject, kubeTime } from './kube-object.ts'
import { mergePatch } from './merge-patch.ts'
import { Refused } from './refused.ts'
import { apiVersionOf, kindOf, parseResourcePath, type ResourcePath } from './resource-path.ts'
import { fieldsMatch, labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'

export type ApiRequest = { method: string; url: URL; body: string; who: Identity }

export function answerApi(request: ApiRequest, store: Store, serviceCidr: Cidr): { code: number; body: unknown } {
  const { method, url, who } = request
  const path = parseResourcePath(url.pathname)
  if (!path) throw new Refused(404, 'the server could not find the requested resource')
  authorize(who, method, path, store)
  if (path.name === undefined) {
    if (method === 'GET') return { code: 200, body: list(path, url, store) }
    if (method === 'POST') return { code: 201, body: create(path, parseBody(request.body), who, store, serviceCidr) }
  } else {
    if (method === 'GET') return { code: 200, body: store.get(path) }
    if (method === 'PUT') return { code: 200, body: replace(path, parseBody(request.body), store) }
    if (method === 'PATCH') return { code: 200, body: patch(path, parseBody(request.body), store) }
    if (method === 'DELETE') return { code: 200, body: remove(path, url, store) }
    if (method === 'POST' && path.subresource === 'eviction') return { code: 201, body: remove(path, url, store) }
  }
  throw new Refused(405, 'the server does not allow this method on the requested resource')
}

function list(path: ResourcePath, url: URL, store: Store): object {
  const labels = url.searchParams.get('labelSelector') ?? ''
  const fields = url.searchParams.get('fieldSelector') ?? ''
  const items = store
    .list(path.resource, path.namespace)
    .filter((object) => labelsMatch(object, labels) && fieldsMatch(object, fields))
  return { kind: `${kindOf(path.resource)}List`, apiVersion: apiVersionOf(path), metadata: {}, items }
}

function create(path: ResourcePath, given: KubeObject, who: Identity, store: Store, serviceCidr: Cidr): KubeObject {
  if (path.namespace !== undefined && !store.find('namespaces', path.namespace))
    throw new Refused(404, `namespaces "${path.namespace}" not found`)
  if (path.resource === 'pods') {
    given.status = { phase: 'Pending', conditions: [], ...given.status }
    given.spec = { restartPolicy: 'Always', ...given.spec }
  }
  if (path.resource === 'services')
    given.spec = { type: 'ClusterIP', clusterIP: freeAddress(store, serviceCidr), ...given.spec }
  if (path.resource === 'certificatesigningrequests')
    given.spec = { ...given.spec, username: who.name, groups: who.groups }
  if (path.resource === 'secrets' && given.stringData) {
    const encoded = Object.entries(given.stringData as Record<string, string>).map(([name, value]) => [
      name,
      Buffer.from(value).toString('base64'),
    ])
    given.data = { ...given.data, ...Object.fromEntries(encoded) }
    delete given.stringData
  }
  return store.create(path, given)
}

function replace(path: ResourcePath, given: KubeObject, store: Store): KubeObject {
  const before = store.get(path)
  if (path.subresource === 'status' || path.subresource === 'approval')
    return store.replace(path, { ...before, status: given.status, metadata: { ...before.metadata } })
  return store.replace(path, { ...given, status: given.status ?? before.status })
}

function patch(path: ResourcePath, given: unknown, store: Store): KubeObject {
  const before = structuredClone(store.get(path))
  const version = before.metadata.resourceVersion
  const patched = mergePatch(before, given)
  const unconditional = (given as KubeObject).metadata?.resourceVersion === undefined
  if (unconditional) patched.metadata.resourceVersion = version
  return store.replace(path, patched)
}

/**
 * A pod on a node gets a time of deletion and vanishes when its kubelet says that it has ended: with the node away it
 * stays, which is what makes a drain run into its time limit.
 */
function remove(path: ResourcePath, url: URL, store: Store): KubeObject {
  const object = store.get(path)
  const immediately = url.searchParams.get('gracePeriodSeconds') === '0'
  if (path.resource === 'pods' && object.spec?.nodeName && !immediately) {
    return store.update('pods', object, ({ metadata }) => {
      metadata.deletionTimestamp ??= kubeTime()
    })
  }
  store.remove(path.resource, object)
  // k3s's node controller forgets the machine's password with its Node.
  if (path.resource === 'nodes') forget(store, 'secrets', `${path.name}.node-password.k3s`, 'kube-system')
  if (path.resource === 'nodes') forget(store, 'leases', path.name ?? '', 'kube-node-lease')
  if (path.resource === 'namespaces') {
    for (const resource of ['pods', 'services', 'daemonsets', 'deployments', 'secrets', 'configmaps'])
      for (const each of store.list(resource, path.name)) store.remove(resource, each)
  }
  return object
}

function forget(store: Store, resource: string, name: string, namespace: string): void {
  const found = store.find(resource, name, namespace)
  if (found) store.remove(resource, found)
}

function freeAddress(store: Store, serviceCidr: Cidr): string {
  const taken = new Set(store.list('services').map(({ spec }) => spec.clusterIP))
  // Below 16 they are kept for services with an address of choice, as Kubernetes does since 1.26.
  let n = 16
  while (taken.has(nth(serviceCidr, n))) n += 1
  return nth(serviceCidr, n)
}

function parseBody(text: string): KubeObject {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400, 'the object provided is unrecognized (must be of type JSON)')
  }
}
