import { randomBytes } from 'node:crypto'
import type { KubeObject } from './kube-object.ts'
import { asSelector, labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'
import { tolerates } from './tolerates.ts'

/** DaemonSets and Deployments own their pods directly. */
export function runWorkloads(store: Store): void {
  for (const set of store.list('daemonsets')) {
    const pods = owned(store, set)
    for (const node of store.list('nodes')) {
      const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec
      const wanted = labelsMatch(node, asSelector(nodeSelector))
      const has = pods.some(({ spec }) => spec.nodeName === node.metadata.name)
      if (wanted && !has && tolerates([...tolerations, UNSCHEDULABLE], node)) createPod(store, set, node.metadata.name)
    }
  }
  for (const deployment of store.list('deployments')) {
    const pods = owned(store, deployment).filter(({ metadata }) => !metadata.deletionTimestamp)
    const replicas = deployment.spec.replicas ?? 1
    for (let n = pods.length; n < replicas; n += 1) createPod(store, deployment)
    for (const extra of pods.slice(replicas)) store.remove('pods', extra)
  }
}

const UNSCHEDULABLE = { key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }

function owned(store: Store, owner: KubeObject): KubeObject[] {
  return store
    .list('pods', owner.metadata.namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some((each) => each.name === owner.metadata.name))
}

function createPod(store: Store, owner: KubeObject, nodeName?: string): void {
  const { metadata, spec } = owner.spec.template
  const namespace = owner.metadata.namespace
  const name = `${owner.metadata.name}-${randomBytes(3).toString('hex').slice(0, 5)}`
  // A Deployment's pods are owned by its ReplicaSet, which the stand-in does not keep.
  const kind = owner.kind === 'Deployment' ? 'ReplicaSet' : (owner.kind ?? '')
  const path = { group: '', version: 'v1', resource: 'pods', namespace, name, subresource: undefined }
  store.create(path, {
    metadata: { ...metadata, name, ownerReferences: [{ kind, name: owner.metadata.name }] },
    spec: { restartPolicy: 'Always', ...structuredClone(spec), nodeName },
    status: { phase: 'Pending', conditions: [] },
  })
}
