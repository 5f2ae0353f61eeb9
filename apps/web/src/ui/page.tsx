import type { ReactNode } from 'react'
import classes from './page.module.css'

type Props = {
  title: ReactNode
  /** one sentence: what this page answers, or what is the matter */
  lead?: ReactNode
  /** above the title: where this belongs, as a link */
  above?: ReactNode
  actions?: ReactNode
  /** the page is exactly as high as the screen and its child scrolls (tables) */
  fill?: boolean
  /** as wide as is good to read (forms, settings) */
  narrow?: boolean
  children: ReactNode
}

/** Head and body of a page, with one h1. */
export function Page({ title, lead, above, actions, fill, narrow, children }: Props) {
  return (
    <div className={classes.page} data-fill={fill || undefined} data-narrow={narrow || undefined}>
      <div className={classes.head}>
        <div className={classes.titles}>
          {above && <div className={classes.above}>{above}</div>}
          <h1 className={classes.title}>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      <div className={classes.body}>{children}</div>
    </div>
  )
}
