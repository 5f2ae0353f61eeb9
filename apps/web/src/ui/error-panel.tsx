'use client'

import classes from './error-panel.module.css'
import { errorWords } from './error-words.ts'
import { PlainButton } from './plain-button.tsx'
import { StatusMark } from './status-mark.tsx'

/** `inset`: the panel is all there is in the frame; `full`: all there is. */
type Props = { title: string; error: unknown; onRetry?: () => void; inset?: boolean; full?: boolean }

/** What happened, what was not lost, what to do. */
export function ErrorPanel({ title, error, onRetry, inset, full }: Props) {
  const { text, fix } = errorWords(error)
  return (
    <div className={classes.panel} data-inset={inset || undefined} data-full={full || undefined} role="alert">
      <StatusMark status="bad" size={16} />
      <div>
        <h2 className={classes.title}>{title}</h2>
        <p>{text}</p>
        <p className={classes.kept}>{fix ?? 'Nothing was changed, and tunnels run on without this page.'}</p>
        {onRetry && (
          <div className={classes.action}>
            <PlainButton quiet onClick={onRetry}>
              Try again
            </PlainButton>
          </div>
        )}
      </div>
    </div>
  )
}
