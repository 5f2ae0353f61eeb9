import { isReady } from './kube-object.ts'
import { asSelector, labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'

/** The Ready pods behind each service with a selector. */
export function selectEndpoints(store: Store): void {
  for (const service of store.list('services').filter(({ spec }) => spec?.selector)) {
    const { name, namespace } = service.metadata
    const selector = asSelector(service.spec.selector)
    const ready = store.list('pods', namespace).filter((pod) => labelsMatch(pod, selector) && isReady(pod))
    const addresses = ready.map(({ status }) => ({ ip: status.podIP })).sort((a, b) => a.ip.localeCompare(b.ip))
    const ports = (service.spec.ports as { name?: string; port: number; targetPort?: number }[]).map((port) => ({
      name: port.name,
      port: typeof port.targetPort === 'number' ? port.targetPort : port.port,
    }))
    const subsets = addresses.length === 0 ? [] : [{ addresses, ports }]
    const path = { group: '', version: 'v1', resource: 'endpoints', namespace, name, subresource: undefined }
    const found = store.find('endpoints', name, namespace)
    if (!found) store.create(path, { metadata: { name }, subsets })
    else if (JSON.stringify(found.subsets) !== JSON.stringify(subsets))
      store.update('endpoints', found, (endpoints) => Object.assign(endpoints, { subsets }))
  }
}
