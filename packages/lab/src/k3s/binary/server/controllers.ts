/** What kube-controller-manager, the scheduler and k3s's own controllers do, once a second, as far as the lab needs it. */
import { randomBytes } from 'node:crypto'
import { part } from '../cidr.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { log } from '../log.ts'
import { conditionOf, isReady, type KubeObject, kubeTime } from './kube-object.ts'
import { labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'

/** Kubernetes 1.32 and later: a kubelet is given up 50 s after its last lease; before it was 40 s. */
const GRACE_SECONDS = 50

export function startControllers(store: Store, config: ServerConfig): void {
  const given = config.options.component('kube-controller-manager-arg', 'node-monitor-grace-period')
  const graceMs = (given === undefined ? GRACE_SECONDS : Number.parseFloat(given)) * 1000
  setInterval(() => {
    try {
      allocatePodRanges(store, config)
      watchLeases(store, graceMs)
      runWorkloads(store)
      schedule(store)
      removeOrphans(store)
      selectEndpoints(store)
    } catch (error) {
      log.error(`controllers: ${(error as Error).stack}`)
    }
  }, 1000)
}

function allocatePodRanges(store: Store, { clusterCidr }: ServerConfig): void {
  const nodes = store.list('nodes')
  const taken = new Set(nodes.map(({ spec }) => spec?.podCIDR))
  for (const node of nodes.filter(({ spec }) => !spec?.podCIDR)) {
    let n = 0
    while (taken.has(part(clusterCidr, 24, n))) n += 1
    const podCIDR = part(clusterCidr, 24, n)
    if (podCIDR === undefined) {
      log.error(
        `Failed to allocate CIDR for node ${node.metadata.name}: CIDR allocation failed; there are no remaining CIDRs left to allocate in the accepted range`,
      )
      continue
    }
    taken.add(podCIDR)
    store.update('nodes', node, ({ spec }) => Object.assign(spec, { podCIDR, podCIDRs: [podCIDR] }))
  }
}

function watchLeases(store: Store, graceMs: number): void {
  for (const node of store.list('nodes')) {
    const lease = store.find('leases', node.metadata.name, 'kube-node-lease')
    const renewed = Date.parse(lease?.spec?.renewTime ?? node.metadata.creationTimestamp)
    const ready = conditionOf(node, 'Ready')
    if (ready && ready.status !== 'Unknown' && Date.now() - renewed > graceMs) {
      store.update('nodes', node, () => {
        Object.assign(ready, {
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: kubeTime(),
        })
      })
    }
    taint(store, node, 'node.kubernetes.io/unreachable', ready?.status === 'Unknown')
    taint(store, node, 'node.kubernetes.io/not-ready', ready?.status === 'False')
  }
}

function taint(store: Store, node: KubeObject, key: string, wanted: boolean): void {
  const taints: { key: string; effect: string }[] = node.spec.taints ?? []
  if (taints.some((each) => each.key === key) === wanted) return
  const rest = taints.filter((each) => each.key !== key)
  const added = wanted ? [{ key, effect: 'NoSchedule' }] : []
  store.update('nodes', node, ({ spec }) => {
    spec.taints = [...rest, ...added]
  })
}

/** DaemonSets and Deployments own their pods directly. */
function runWorkloads(store: Store): void {
  for (const set of store.list('daemonsets')) {
    const pods = owned(store, set)
    for (const node of store.list('nodes')) {
      const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec
      const wanted = labelsMatch(
        node,
        Object.entries(nodeSelector)
          .map(([key, value]) => `${key}=${value}`)
          .join(),
      )
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

function schedule(store: Store): void {
  for (const pod of store.list('pods').filter(({ spec }) => !spec.nodeName)) {
    const { nodeSelector = {}, tolerations = [] } = pod.spec
    const selector = Object.entries(nodeSelector)
      .map(([key, value]) => `${key}=${value}`)
      .join()
    const fits = store
      .list('nodes')
      .filter((node) => isReady(node) && !node.spec.unschedulable && node.spec.podCIDR)
      .filter((node) => labelsMatch(node, selector) && tolerates(tolerations, node))
    const load = (node: KubeObject) =>
      store.list('pods').filter(({ spec }) => spec.nodeName === node.metadata.name).length
    const [best] = fits.sort((a, b) => load(a) - load(b))
    if (best) store.update('pods', pod, ({ spec }) => Object.assign(spec, { nodeName: best.metadata.name }))
  }
}

type Toleration = { key?: string; operator?: string; value?: string; effect?: string }

function tolerates(tolerations: Toleration[], node: KubeObject): boolean {
  const taints: { key: string; value?: string; effect: string }[] = node.spec.taints ?? []
  return taints.every(
    (each) =>
      each.effect === 'PreferNoSchedule' ||
      tolerations.some(
        ({ key, operator, value, effect }) =>
          (key === undefined || key === each.key) &&
          (effect === undefined || effect === each.effect) &&
          (operator === 'Exists' || (value ?? '') === (each.value ?? '')),
      ),
  )
}

/** Pods of nodes that are not there any more, and of owners that were deleted. */
function removeOrphans(store: Store): void {
  const nodes = new Set(store.list('nodes').map(({ metadata }) => metadata.name))
  for (const pod of store.list('pods')) {
    const owner = pod.metadata.ownerReferences?.[0]
    const resource = owner?.kind === 'DaemonSet' ? 'daemonsets' : 'deployments'
    const ownerGone = owner && !store.find(resource, owner.name, pod.metadata.namespace)
    if ((pod.spec.nodeName && !nodes.has(pod.spec.nodeName)) || ownerGone) store.remove('pods', pod)
  }
}

function selectEndpoints(store: Store): void {
  for (const service of store.list('services').filter(({ spec }) => spec?.selector)) {
    const { name, namespace } = service.metadata
    const selector = Object.entries(service.spec.selector)
      .map(([key, value]) => `${key}=${value}`)
      .join()
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
