import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { Mono } from './mono.tsx'
import classes from './preflight-findings.module.css'
import { StatusMark } from './status-mark.tsx'

type Finding = {
  code: string
  severity: 'critical' | 'warning' | 'info'
  sentence: string
  evidence: string
  fix: string
}

const MARKS = { critical: 'bad', warning: 'warn', info: 'info' } as const
const SPOKEN = { critical: 'Critical', warning: 'Warning', info: 'Note' } as const

/** What was found on a machine, the worst first: the same words as on its terminal. */
export function PreflightFindings({ findings, label }: { findings: readonly Finding[]; label: string }) {
  return (
    <ul className={classes.findings} aria-label={label}>
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.evidence}`} className={classes.finding} data-severity={finding.severity}>
          <StatusMark status={MARKS[finding.severity]} size={14} label={SPOKEN[finding.severity]} />
          <div className={classes.body}>
            <p className={classes.sentence}>
              <span>{beginSentence(finding.sentence)}</span>
              <span className={classes.code}>{finding.code}</span>
            </p>
            <p className={classes.evidence}>
              <Mono>{finding.evidence}</Mono>
            </p>
            <p className={classes.fix}>
              {finding.severity !== 'info' && <b>Do this: </b>}
              {finding.fix}
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
