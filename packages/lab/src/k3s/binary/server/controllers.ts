/** What kube-controller-manager, the scheduler and k3s's own controllers do, as far as the lab needs it. */
import { part } from '../cidr.ts'
import type { ServerConfig } from '../config/server-config.ts'
import { duration } from '../duration.ts'
import { log } from '../log.ts'
import { conditionOf, type KubeObject, kubeTime } from './kube-object.ts'
import { runWorkloads } from './run-workloads.ts'
import { schedule } from './schedule.ts'
import { selectEndpoints } from './select-endpoints.ts'
import type { Store } from './store.ts'

/** Kubernetes 1.32 and later: a kubelet is given up 50 s after its last lease; before it was 40 s. */
const GRACE_SECONDS = 50

export function startControllers(store: Store, config: ServerConfig): void {
  const given = config.options.component('kube-controller-manager-arg', 'node-monitor-grace-period')
  const graceMs = given === undefined ? GRACE_SECONDS * 1000 : duration(given)
  const work = () => {
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
  }
  // Once a second, and soon after a change; what they do themselves wakes them once more, until nothing is left to do.
  let isWoken = false
  store.onChange(() => {
    if (isWoken) return
    isWoken = true
    setTimeout(() => {
      isWoken = false
      work()
    }, 50)
  })
  setInterval(work, 1000)
}

function allocatePodRanges(store: Store, { clusterCidr }: ServerConfig): void {
  const nodes = store.list('nodes')
  const taken = new Set<string | undefined>(nodes.flatMap(({ spec }) => spec?.podCIDR ?? []))
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
