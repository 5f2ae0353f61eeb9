import type { ClusterNode } from './cluster-detail.ts'

/** Kubernetes' own word for a node, with what qualifies it. */
export function readyWord({ ready, cordoned, removal, status }: ClusterNode): string {
  if (removal) return 'leaving'
  if (ready === null) return 'not in it yet'
  if (status === 'unknown') return ready ? 'was Ready' : 'was NotReady'
  if (!ready) return 'NotReady'
  return cordoned ? 'Ready, cordoned' : 'Ready'
}
