'use client'

import { humanAge } from '@spanwire/mesh/health/human-age'
import { useSyncExternalStore } from 'react'

/** How long ago, ticking; the exact time on hover. */
export function Ago({ at, suffix = true }: { at: string | number | Date; suffix?: boolean }) {
  const now = useNow()
  const date = new Date(at)
  const text = now === null ? '' : agoText(now - date.getTime(), suffix)
  return (
    <time dateTime={date.toISOString()} title={exactTime(date)} suppressHydrationWarning>
      {text || exactTime(date)}
    </time>
  )
}

/** 'just now', '41 s ago', '6 min ago', '3 h ago', '12 d ago'; times ahead read 'in 5 min'. */
export function agoText(elapsedMs: number, suffix = true): string {
  if (elapsedMs < -1000) return `in ${humanAge(-elapsedMs)}`
  if (!suffix) return humanAge(elapsedMs)
  return elapsedMs < 3000 ? 'just now' : `${humanAge(elapsedMs)} ago`
}

export function exactTime(date: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const minutes = -date.getTimezoneOffset()
  const zone = `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())} ${zone}`
}

// One clock for all ages on the page: five thousand rows, one timer.
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void) {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The present in ms, renewed each second; null on the server, whose "ago" would be wrong when read. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(
    subscribe,
    () => {
      now ||= Date.now()
      return now
    },
    () => null,
  )
}
