import type { Labels } from '~/ui/parse-labels.ts'
import type { NodeDetail } from './node-detail.ts'

export type NodeValues = { name: string; endpoint: string; siteId: string | null; labels: Labels; tags: string[] }

type Edited = Pick<NodeDetail, 'name' | 'role' | 'endpoint' | 'siteId' | 'labels' | 'tags'>

export function valuesOf(node: Edited): NodeValues {
  return { name: node.name, endpoint: node.endpoint ?? '', siteId: node.siteId, labels: node.labels, tags: node.tags }
}

/** What differs, as the server takes it. */
export function changesOf(node: Edited, values: NodeValues) {
  const before = valuesOf(node)
  return {
    ...(values.name !== before.name && { name: values.name }),
    ...(node.role === 'gateway' && values.endpoint !== before.endpoint && { endpoint: values.endpoint || null }),
    ...(values.siteId !== before.siteId && { siteId: values.siteId }),
    ...(!sameLabels(values.labels, before.labels) && { labels: values.labels }),
    ...(!sameTags(values.tags, before.tags) && { tags: values.tags }),
  }
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** The order of tags says nothing. */
function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tag) => b.includes(tag))
}
