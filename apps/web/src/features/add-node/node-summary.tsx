import type { ClusterPart } from '~/ui/cluster-part.ts'
import { labelTexts } from '~/ui/parse-labels.ts'
import type { Draft } from './draft.ts'
import classes from './node-summary.module.css'

type Props = { draft: Draft; siteName: string | null; part: ClusterPart }

/** The form once its machine has joined: what was chosen, to be changed on the node's own page. */
export function NodeSummary({ draft, siteName, part }: Props) {
  const rows: [string, string][] = [
    ['Name', draft.name],
    ['Role', draft.role],
    ...(draft.role === 'gateway' ? ([['Public endpoint', draft.endpoint]] as [string, string][]) : []),
    ['Site', siteName ?? 'none'],
    ['Labels', labelTexts(draft.labels).join(', ') || 'none'],
    ...(draft.tags.length > 0 ? [['Tags', draft.tags.join(', ')] as [string, string]] : []),
    ['In Kubernetes', part.role === null ? 'network only' : `k3s ${part.role}`],
    ...(part.role === null ? [] : partRows(part, draft.name)),
  ]
  return (
    <dl className={classes.summary}>
      {rows.map(([name, value]) => (
        <div key={name} className={classes.row}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function partRows({ kubernetesName, labels, taints }: ClusterPart, nodeName: string): [string, string][] {
  return [
    ['Kubernetes name', kubernetesName || nodeName],
    ['Kubernetes labels', labelTexts(labels).join(', ') || 'none'],
    ['Taints', taints.join(', ') || 'none'],
  ]
}
