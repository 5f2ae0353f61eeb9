import type { ReactNode } from 'react'
import classes from './rows.module.css'

/** A short list (tens, not thousands): a name, what is to know about it, what can be done. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  )
}

type RowProps = { title: ReactNode; about?: ReactNode; state?: ReactNode; actions?: ReactNode; quiet?: boolean }

export function RowItem({ title, about, state, actions, quiet }: RowProps) {
  return (
    <li className={classes.row} data-quiet={quiet || undefined}>
      <div className={classes.main}>
        <div className={classes.title}>{title}</div>
        {about && <div className={classes.about}>{about}</div>}
      </div>
      {state && <div className={classes.state}>{state}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </li>
  )
}
