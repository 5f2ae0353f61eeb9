'use client'

import { CloseButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './panel.module.css'

type Props = {
  title: ReactNode
  /** what the panel is, for a screen reader */
  label: string
  onClose: () => void
  footer?: ReactNode
  children: ReactNode
}

/**
 * What is selected, beside the page; on a phone a sheet from the bottom. The page stays usable behind it, so it is no
 * dialog: it takes the focus when it opens, Esc closes it, and the focus goes back.
 */
export function Panel({ title, label, onClose, footer, children }: Props) {
  const panel = useRef<HTMLElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <aside
      ref={panel}
      className={classes.panel}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        close.current()
      }}
    >
      <header className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <CloseButton onClick={onClose} aria-label="Close the panel" />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than the screen scrolls, also by keyboard */}
      <div className={classes.body} tabIndex={0}>
        {children}
      </div>
      {footer && <footer className={classes.foot}>{footer}</footer>}
    </aside>
  )
}
