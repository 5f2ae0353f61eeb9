import { exactTime } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import classes from './topology.module.css'

/** What is on screen is not the present: since when, and what that means. */
export function StaleBanner({ measuredAt }: { measuredAt: number }) {
  return (
    <div className={classes.stale} role="status">
      <Notice status="warn">
        The server does not answer. This is the picture of {exactTime(new Date(measuredAt)).slice(11, 19)}; what was
        alive then is no longer shown as alive. Tunnels run on without the server.
      </Notice>
    </div>
  )
}
