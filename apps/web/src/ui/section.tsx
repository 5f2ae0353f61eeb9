import type { ReactNode } from 'react'
import classes from './section.module.css'

type Props = { title: string; text?: ReactNode; actions?: ReactNode; children: ReactNode }

/** A part of a page with its own head. */
export function Section({ title, text, actions, children }: Props) {
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          {text && <p className={classes.text}>{text}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
