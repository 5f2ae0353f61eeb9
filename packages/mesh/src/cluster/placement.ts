/**
 * What a node carries for the scheduler: its labels, those of its place among them, and its taints. k3s gives them to Kubernetes when
 * the node registers and never again ("node-label", "node-taint" in its documentation), so:
 *
 *   before it registers     a change is in the file that k3s reads first
 *   after                   the file stays as it was; a server of the cluster sets what differs in Kubernetes, and nothing else
 */
import type { ClusterNode } from './cluster-node.ts'
import { REGION_LABEL, ZONE_LABEL } from './place-labels.ts'

export type Placement = { readonly labels: Readonly<Record<string, string>>; readonly taints: readonly string[] }

export function placementOf({
  labels,
  taints,
  zone,
  region,
}: Pick<ClusterNode, 'labels' | 'taints' | 'zone' | 'region'>): Placement {
  return {
    labels: {
      ...labels,
      ...(zone === null ? {} : { [ZONE_LABEL]: zone }),
      ...(region === null ? {} : { [REGION_LABEL]: region }),
    },
    taints: [...taints].sort(),
  }
}

/**
 * From what we gave it to what it is to have, as `kubectl label` and `kubectl taint` take it: `key=value`, `key-`, `key=value:Effect`,
 * `key:Effect-`. A word with a colon is about a taint. What others gave it stands in neither, and is not touched.
 */
export function placementWords(given: Placement, wanted: Placement): string[] {
  const gone = Object.keys(given.labels).filter((key) => !Object.hasOwn(wanted.labels, key))
  const set = Object.entries(wanted.labels).filter(([key, value]) => given.labels[key] !== value)
  const slots = new Set(wanted.taints.map(slotOf))
  // The same key and effect with another value is set over the old one.
  const lifted = new Set(given.taints.map(slotOf).filter((slot) => !slots.has(slot)))
  const laid = wanted.taints.filter((taint) => !given.taints.includes(taint))
  return [
    ...set.map(([key, value]) => `${key}=${value}`).sort(),
    ...gone.map((key) => `${key}-`).sort(),
    ...[...laid].sort(),
    ...[...lifted].sort().map((slot) => `${slot}-`),
  ]
}

const slotOf = (taint: string): string => taint.replace(/=[^:]*/, '')
