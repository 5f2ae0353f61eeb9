import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { NodeDetail } from './node-detail.ts'
import classes from './revision-line.module.css'

/** What the network wants of the node, and what it confirmed. */
export function RevisionLine({ revision }: { revision: NodeDetail['revision'] }) {
  const { desired, applied, current, pendingSince } = revision
  if (applied === null) return <span className={classes.quiet}>none applied yet; {desired} is wanted</span>
  if (current) {
    return (
      <span className={classes.line}>
        <StatusMark status="good" />
        up to date at {applied}
      </span>
    )
  }
  return (
    <span className={classes.line} data-behind>
      <StatusMark status="warn" />
      <span>
        applied {applied} of {desired}
        {pendingSince ? (
          <>
            , pending <Ago at={pendingSince} suffix={false} />
          </>
        ) : (
          ', pending'
        )}
      </span>
    </span>
  )
}
