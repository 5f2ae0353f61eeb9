import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './fact-marks.module.css'
import type { NodeRow } from './node-row.ts'

const NAMES = { reporting: 'Reports', tunnels: 'Tunnels', cluster: 'Cluster' } as const

/** The three facts as marks, their words on hover. By `title`: a thousand rows scroll past, and a tooltip each would be felt. */
export function FactMarks({ facts }: { facts: NodeRow['facts'] }) {
  return (
    <span className={classes.marks}>
      {(['reporting', 'tunnels', 'cluster'] as const).map((name) => (
        <span key={name} title={`${NAMES[name]}: ${facts[name].text}`}>
          <StatusMark status={facts[name].status} label={`${NAMES[name]}: ${facts[name].text}`} />
        </span>
      ))}
    </span>
  )
}
