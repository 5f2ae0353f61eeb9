import { Notice } from '~/ui/notice.tsx'
import type { Finding } from './cluster-detail.ts'
import { findingText } from './field-findings.ts'
import classes from './findings.module.css'

/** What is found in the settings of a cluster that stands: networks and machines came after it. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <div className={classes.findings}>
      {findings.map((finding) => (
        <Notice key={`${finding.field} ${finding.text}`} status={finding.severity === 'refuse' ? 'bad' : 'warn'}>
          {findingText(finding)}
        </Notice>
      ))}
    </div>
  )
}
