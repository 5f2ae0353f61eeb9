import type { ReactNode } from 'react'
import classes from './notice.module.css'
import { type Status, StatusMark } from './status-mark.tsx'

/** A sentence in place, with its status as shape and colour. */
export function Notice({ status, children }: { status: Status; children: ReactNode }) {
  return (
    <div className={classes.notice} data-status={status} role={status === 'bad' ? 'alert' : undefined}>
      <StatusMark status={status} />
      <div>{children}</div>
    </div>
  )
}
