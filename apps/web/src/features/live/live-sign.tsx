'use client'

import { useEffect, useState } from 'react'
import { useNetworkOfPage } from '~/trpc/use-network-of-page.ts'
import { tip } from '~/ui/tips.tsx'
import classes from './live-sign.module.css'
import { useLive } from './use-live.ts'

/** Whether what is on screen is the present. Said only when it has been in doubt for more than a blink. */
const DOUBT_MS = 2000

export function LiveSign() {
  const network = useNetworkOfPage()
  const { status, lostAt } = useLive(network)
  const seconds = useSecondsSince(lostAt)
  const lost = status !== 'live' && lostAt !== null && seconds * 1000 >= DOUBT_MS
  const text = lost ? `no news for ${seconds} s, reconnecting` : 'live'
  const why = lost
    ? 'The server does not answer. What you see is as old as this says; tunnels do not depend on the server.'
    : 'This page hears of every change as it happens.'
  return (
    <output {...tip(why)} className={classes.sign} data-lost={lost || undefined} aria-live="polite">
      <span className={classes.mark} aria-hidden />
      <span className={classes.text}>{text}</span>
    </output>
  )
}

function useSecondsSince(at: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [at])
  return at === null ? 0 : Math.max(0, Math.round((now - at) / 1000))
}
