import classes from './fact-badge.module.css'
import { StatusMark } from './status-mark.tsx'
import { tip } from './tips.tsx'

export type Fact = { status: 'good' | 'warn' | 'bad' | 'unknown' | 'none'; text: string; at: string | null }
export type FactName = 'reporting' | 'tunnels' | 'cluster'

const names: Record<FactName, string> = { reporting: 'Reports', tunnels: 'Tunnels', cluster: 'Cluster' }

/** One of the three facts, with its evidence and age on hover. The three are never mixed into one. */
export function FactBadge({ name, fact, compact }: { name: FactName; fact: Fact; compact?: boolean }) {
  const spoken = `${names[name]}: ${fact.text}`
  return (
    <span className={classes.badge} data-status={fact.status} {...tip(spoken, fact.at)}>
      <StatusMark status={fact.status} label={compact ? spoken : undefined} />
      {!compact && <span className={classes.text}>{fact.text}</span>}
    </span>
  )
}

/** All three, as marks in a row: for tables. */
export function FactMarks({ facts }: { facts: Record<FactName, Fact> }) {
  return (
    <span className={classes.marks}>
      <FactBadge name="reporting" fact={facts.reporting} compact />
      <FactBadge name="tunnels" fact={facts.tunnels} compact />
      <FactBadge name="cluster" fact={facts.cluster} compact />
    </span>
  )
}
