import { checkClusterNode } from '@spanwire/mesh/cluster/cluster-node'
import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { parseDnsLabel } from '@spanwire/mesh/names/dns-label'
import { fieldProblem } from './field-problem.ts'
import type { Labels } from './parse-labels.ts'

/** What a machine is in the cluster of its network, as forms hold it. */
export type ClusterPart = {
  /** null: in the network only */
  role: 'server' | 'agent' | null
  /** '' while it follows the node's name */
  kubernetesName: string
  labels: Labels
  taints: string[]
}

export type PartFaults = Partial<Record<keyof ClusterPart, string>>

/** Why a role cannot be chosen, as a sentence; null when it can. */
export type RoleWhys = Record<'server' | 'agent', string | null>

export const NO_PART: ClusterPart = { role: null, kubernetesName: '', labels: {}, taints: [] }

/** The very rules that the server applies, said while typing. */
export function partFaults(part: ClusterPart): PartFaults {
  if (part.role === null) return {}
  const faults: PartFaults = {}
  const name = part.kubernetesName === '' ? null : fieldProblem(parseDnsLabel(part.kubernetesName, 'Kubernetes name'))
  if (name) faults.kubernetesName = name
  for (const { field, text, fix } of checkClusterNode({ ...part, zone: null, region: null })) {
    if (field === 'labels' || field === 'taints') faults[field] ??= `${beginSentence(text)}. ${fix}`
  }
  return faults
}

/** As `cluster.setNode` takes it; `nodeName` stands in for a name that was not given. */
export function partInput(part: ClusterPart, nodeName: string) {
  if (part.role === null) return { role: null }
  const { role, kubernetesName, labels, taints } = part
  return { role, kubernetesName: kubernetesName || nodeName, labels, taints }
}

type Kept = {
  role: 'server' | 'agent'
  nodeName: string
  kubernetesName: string
  labels: Labels
  taints: readonly string[]
}

/** What the server has of it, as the form shows it. */
export function partOf(row: Kept | undefined): ClusterPart {
  if (!row) return NO_PART
  const { role, kubernetesName, nodeName, labels, taints } = row
  return { role, kubernetesName: kubernetesName === nodeName ? '' : kubernetesName, labels, taints: [...taints] }
}
