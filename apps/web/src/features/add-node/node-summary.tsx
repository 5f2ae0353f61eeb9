import { labelTexts } from '~/ui/parse-labels.ts'
import type { Draft } from './draft.ts'
import classes from './node-summary.module.css'

/** The form once its machine has joined: what was chosen, to be changed on the node's own page. */
export function NodeSummary({ draft, siteName }: { draft: Draft; siteName: string | null }) {
  const rows: [string, string][] = [
    ['Name', draft.name],
    ['Role', draft.role],
    ...(draft.role === 'gateway' ? ([['Public endpoint', draft.endpoint]] as [string, string][]) : []),
    ['Site', siteName ?? 'none'],
    ['Labels', labelTexts(draft.labels).join(', ') || 'none'],
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
