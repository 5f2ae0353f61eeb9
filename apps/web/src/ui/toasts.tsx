'use client'

import { CloseButton } from '@mantine/core'
import { useEffect, useSyncExternalStore } from 'react'
import { dismiss, subscribeToasts, type Toast, toastsNow } from './say.ts'
import { StatusMark } from './status-mark.tsx'
import classes from './toasts.module.css'

const NONE: readonly Toast[] = []

/** The sentences in the corner. The region is always there, so that a screen reader hears what comes into it. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribeToasts, toastsNow, () => NONE)
  return (
    <section className={classes.corner} aria-label="Notices" aria-live="polite">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function OneToast({ toast }: { toast: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(toast.id), toast.stayMs)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <div className={classes.toast}>
      <StatusMark status={toast.status} />
      <div className={classes.text}>
        {toast.title && <b>{toast.title}</b>}
        <span>{toast.text}</span>
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(toast.id)} />
    </div>
  )
}
