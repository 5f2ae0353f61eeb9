'use client'

import { useSyncExternalStore } from 'react'

const QUERY = '(max-width: 639px)'

/** Whether a table would not fit; null until the browser is asked, as on the server. */
export function useIsPhone(): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (changed) => {
      const media = window.matchMedia(QUERY)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(QUERY).matches,
    () => null,
  )
}
