'use client'

import { CopyButton } from './copy.tsx'
import classes from './shown-once.module.css'

/** A secret that is shown here and nowhere else, ever: the whole of it, and a button. */
export function ShownOnce({ text, what }: { text: string; what: string }) {
  return (
    <div className={classes.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard */}
      <section className={classes.text} tabIndex={0} aria-label={what}>
        {text}
      </section>
      <CopyButton text={text} what={what} big />
    </div>
  )
}
