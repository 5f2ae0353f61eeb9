'use client'

import { useEffect, useRef, useState } from 'react'
import { agoText } from './ago.tsx'
import classes from './tips.module.css'

/** A pointer that only passes by shows nothing. */
const HOVER_MS = 250
/** Time to move from the thing onto its tip. */
const LEAVE_MS = 120
const GAP = 6

type Shown = { target: HTMLElement; text: string; at: string | null }

/**
 * What `tip()` attributes say, shown on hover and on keyboard focus. One layer for the whole page: a table of thousands of cells
 * with tips costs no more than their attributes. Esc puts it away; the pointer may move onto it.
 */
export function Tips() {
  const [shown, setShown] = useState<Shown | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = (delay: number, next: Shown | null) => {
      clearTimeout(timer)
      timer = setTimeout(() => setShown(next), delay)
    }
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      if (box.current?.contains(event.target as Node)) return clearTimeout(timer)
      const next = tipOf(event.target)
      if (next) later(HOVER_MS, next)
      else later(LEAVE_MS, null)
    }
    const focus = (event: FocusEvent) => {
      const next = tipOf(event.target)
      if (next && (event.target as HTMLElement).matches(':focus-visible')) later(0, next)
    }
    const touch = (event: MouseEvent) => {
      const next = tipOf(event.target)
      if (next && (next.target.ariaDisabled === 'true' || !next.target.closest('a, button'))) later(0, next)
      else later(0, null)
    }
    const hide = () => later(0, null)
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    document.addEventListener('focusout', hide)
    document.addEventListener('click', touch)
    document.addEventListener('keydown', key)
    document.addEventListener('scroll', hide, true)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('click', touch)
      document.removeEventListener('keydown', key)
      document.removeEventListener('scroll', hide, true)
    }
  }, [])

  useEffect(() => {
    const tip = box.current
    if (!shown || !tip) return
    const { left, top, bottom, width } = shown.target.getBoundingClientRect()
    const own = tip.getBoundingClientRect()
    const x = Math.max(8, Math.min(left + width / 2 - own.width / 2, window.innerWidth - own.width - 8))
    const below = bottom + GAP + own.height < window.innerHeight
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(below ? bottom + GAP : top - GAP - own.height)}px)`
    tip.style.visibility = 'visible'
  }, [shown])

  if (!shown) return null
  return (
    <div ref={box} role="tooltip" className={classes.tip} key={shown.text}>
      {shown.text}
      {shown.at && ` · ${agoText(Date.now() - Date.parse(shown.at))}`}
    </div>
  )
}

/** Spread onto an element: `<span {...tip('12 of 12 alive', at)}>`. `at` adds the age of the evidence. */
export function tip(text: string, at?: string | null) {
  return { 'data-tip': text, 'data-tip-at': at ?? undefined }
}

function tipOf(target: EventTarget | null): Shown | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
  return element ? { target: element, text: element.dataset.tip ?? '', at: element.dataset.tipAt ?? null } : null
}
