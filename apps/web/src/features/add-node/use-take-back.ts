'use client'

import { useEffect, useRef } from 'react'

/** What was made by opening the page is taken back by leaving it, while `unwanted`: a look leaves nothing behind. */
export function useTakeBack(unwanted: boolean, takeBack: () => void): void {
  const latest = useRef({ unwanted, takeBack })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    latest.current = { unwanted, takeBack }
  })
  useEffect(() => {
    // React leaves and enters twice in development: only who stays away has left.
    clearTimeout(timer.current)
    return () => {
      timer.current = setTimeout(() => latest.current.unwanted && latest.current.takeBack(), 0)
    }
  }, [])
}
