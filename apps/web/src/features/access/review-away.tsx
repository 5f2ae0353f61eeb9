import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Check } from './policy-shapes.ts'

/** As many as are read at a glance. */
const SHOWN = 10

/** Machines that cannot try the version: they keep the rules they have, and get these once they are confirmed. */
export function ReviewAway({ away }: { away: Check['away'] }) {
  return (
    <div>
      <p className={classes.quiet}>
        {count(away.length, 'machine')} {away.length === 1 ? 'takes' : 'take'} no part in the trial and{' '}
        {away.length === 1 ? 'gets' : 'get'} the rules once they are confirmed:
      </p>
      <ul className={classes.plain} aria-label="Machines that take no part">
        {away.slice(0, SHOWN).map(({ id, name, why }) => (
          <li key={id} className={classes.finding}>
            <StatusMark status="unknown" label="Away" />
            <div>
              <b>{name}</b> {why}
            </div>
          </li>
        ))}
        {away.length > SHOWN && <li>and {count(away.length - SHOWN, 'more machine')}</li>}
      </ul>
    </div>
  )
}
