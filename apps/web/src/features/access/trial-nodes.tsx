import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Trial } from './policy-shapes.ts'

type Props = { nodes: Trial['nodes']; well: number }

/** As many as are read at a glance; those not well come first. */
const SHOWN = 60

/** Each machine that tries it, and how it is. */
export function TrialNodes({ nodes, well }: Props) {
  if (nodes.length === 0) return <p className={classes.quiet}>No machine was well when it began, so none tries it.</p>
  const sorted = [...nodes].sort((a, b) => Number(a.ok) - Number(b.ok) || (a.name < b.name ? -1 : 1))
  return (
    <>
      <p className={classes.counts}>
        <b>{well}</b> of {count(nodes.length, 'machine')} well under it
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, also by keyboard */}
      <ul className={classes.trialNodes} tabIndex={0} aria-label="Machines that try it">
        {sorted.slice(0, SHOWN).map(({ id, name, ok, text }) => (
          <li key={id}>
            <StatusMark status={ok ? 'good' : text.startsWith('went back') ? 'bad' : 'unknown'} />
            <b>{name}</b> <span>{text}</span>
          </li>
        ))}
        {sorted.length > SHOWN && <li>and {count(sorted.length - SHOWN, 'more machine')}</li>}
      </ul>
    </>
  )
}
