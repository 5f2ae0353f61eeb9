'use client'

import { useCopy } from './copy.tsx'
import classes from './mono.module.css'

/** An address, key or version. With `copy` a click copies it. */
export function Mono({ children, copy: copyable }: { children: string; copy?: boolean }) {
  const { copied, copy } = useCopy()
  if (!copyable) return <span className={classes.mono}>{children}</span>
  return (
    <button
      type="button"
      className={classes.copy}
      onClick={() => copy(children)}
      title={copied ? 'Copied' : 'Click to copy'}
      data-copied={copied || undefined}
    >
      {children}
      <span className={classes.said} aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}
