import { Notice } from '~/ui/notice.tsx'
import type { Finding } from './cluster-detail.ts'
import { findingText } from './field-findings.ts'
import classes from './settings-fields.module.css'

/** What is said of a field and does not stand in the way. */
export function Warnings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <div className={classes.warnings}>
      {findings.map((finding) => (
        <Notice key={`${finding.field} ${finding.text}`} status="warn">
          {findingText(finding)}
        </Notice>
      ))}
    </div>
  )
}
