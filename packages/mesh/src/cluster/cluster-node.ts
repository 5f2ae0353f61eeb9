/** What one node brings to a cluster. Nothing that must be equal on all servers is here: that is in cluster-settings.ts. */
import { parseLabel } from '../names/parse-label.ts'
import { type ClusterFinding, refuse } from './cluster-finding.ts'
import { REGION_LABEL, ZONE_LABEL } from './place-labels.ts'

/** The first server makes the cluster; who comes later joins it. */
export type ClusterRole = 'server-first' | 'server' | 'agent'

export type ClusterNode = {
  readonly name: string
  /** Of the overlay, without the prefix length. */
  readonly address4: string
  readonly address6: string
  /** Given when the node registers; a later change is made in Kubernetes, see placement.ts. */
  readonly labels: Readonly<Record<string, string>>
  /** `key=value:NoSchedule`, `key:NoExecute`. Also only when it registers. */
  readonly taints: readonly string[]
  readonly zone: string | null
  readonly region: string | null
}

/** kubelet refuses to start with any other label of Kubernetes' own (kubernetes.io, "Node authorization", NodeRestriction). */
const KUBELET_MAY_SET = /^(node|kubelet)\.kubernetes\.io\//
const KUBERNETES_OWN = /(^|\.)(kubernetes\.io|k8s\.io)\//

export function checkClusterNode({
  labels,
  taints,
  zone,
  region,
}: Pick<ClusterNode, 'labels' | 'taints' | 'zone' | 'region'>): ClusterFinding[] {
  const findings: ClusterFinding[] = []
  for (const [key, value] of Object.entries(labels)) {
    const label = parseLabel(key, value)
    if (!label.ok) findings.push(refuse('labels', label.error.message, 'Change the label.'))
    else if (`${key}=${value}`.length > MOST_CHARACTERS) findings.push(tooLong('labels', key))
    else if (key === ZONE_LABEL || key === REGION_LABEL) {
      findings.push(refuse('labels', `${key} comes from the node's site`, 'Take it out, and choose the site.'))
    } else if (KUBERNETES_OWN.test(key) && !KUBELET_MAY_SET.test(key)) {
      findings.push(
        refuse(
          'labels',
          `a node must not give itself the label ${key}: kubelet would not start`,
          'Set it with kubectl once the node has joined.',
        ),
      )
    }
  }
  for (const [key, value] of [
    [ZONE_LABEL, zone],
    [REGION_LABEL, region],
  ] as const) {
    const label = value === null ? null : parseLabel(key, value)
    if (label && !label.ok) findings.push(refuse('labels', label.error.message, 'Rename the site.'))
  }
  for (const taint of taints) {
    const parts = /^([^=:]{1,317})(?:=([^=:]{0,63}))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(taint)
    if (!parts || !parseLabel(parts[1] ?? '', parts[2] ?? '').ok) {
      findings.push(
        refuse('taints', `${JSON.stringify(taint.slice(0, 80))} is no taint`, 'Write it like edge=true:NoSchedule.'),
      )
    } else if (taint.length > MOST_CHARACTERS) findings.push(tooLong('taints', taint))
  }
  return findings
}

/** A word of a request to a node has 255 at most; "-" at its end takes it away. */
const MOST_CHARACTERS = 254

const tooLong = (field: string, what: string): ClusterFinding =>
  refuse(
    field,
    `${what.slice(0, 80)}… and its value have more than ${MOST_CHARACTERS} characters`,
    'Choose a shorter one.',
  )

/** A site's name as the value of a label: "Køge, rack 2" becomes "Koge-rack-2"; null when nothing is left of it. */
export function siteLabel(site: string): string | null {
  const plain = site
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[øØ]/g, (o) => (o === 'ø' ? 'o' : 'O'))
  const value = plain
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
  return value === '' ? null : value
}
