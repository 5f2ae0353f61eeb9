import type { ReactNode } from 'react'
import classes from './empty.module.css'

type Props = { title: string; text: ReactNode; action?: ReactNode; as?: 'h1' | 'h2' }

/** An empty place teaches: one sentence, one button. */
export function Empty({ title, text, action, as: Heading = 'h2' }: Props) {
  return (
    <div className={classes.empty}>
      <Heading className={classes.title}>{title}</Heading>
      <p className={classes.text}>{text}</p>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
