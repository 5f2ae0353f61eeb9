import type { Ref } from 'react'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { Words } from './canvas-words.ts'
import classes from './topology.module.css'

/** Beside the pointer: what it points at. Moved by `ref`, so that following the pointer renders nothing. */
export function HoverTip({ words, ref }: { words: Words | null; ref: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className={classes.tip} hidden={words === null} aria-hidden>
      {words && (
        <>
          <b>{words.title}</b>
          {words.lines.map(({ status, text }) => (
            <span key={text} className={classes.tipLine}>
              {status && <StatusMark status={status} />}
              {text}
            </span>
          ))}
        </>
      )}
    </div>
  )
}
