import { isReady, type KubeObject } from './kube-object.ts'
import { asSelector, labelsMatch } from './selectors.ts'
import type { Store } from './store.ts'
import { tolerates } from './tolerates.ts'

/** Each pod without a node goes to the emptiest Ready one that its selector and tolerations allow. */
export function schedule(store: Store): void {
  for (const pod of store.list('pods').filter(({ spec }) => !spec.nodeName)) {
    const { nodeSelector = {}, tolerations = [] } = pod.spec
    const selector = asSelector(nodeSelector)
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
