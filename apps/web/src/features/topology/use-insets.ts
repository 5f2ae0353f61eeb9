import { useEffect, useMemo, useState } from 'react'
import type { Insets } from './use-view.ts'

const PHONE = '(max-width: 767px)'
const PANEL = 360

/** What covers the map: the toolbar, the legend in up to two lines with a site's name above it, and the panel, on a phone from below. */
export function useInsets(panel: boolean): Insets {
  const [phone, setPhone] = useState(false)
  useEffect(() => {
    const media = window.matchMedia(PHONE)
    const read = () => setPhone(media.matches)
    read()
    media.addEventListener('change', read)
    return () => media.removeEventListener('change', read)
  }, [])
  return useMemo(
    () => ({
      ...{ top: 64, left: 12 },
      right: panel && !phone ? PANEL + 12 : 12,
      bottom: !phone ? 84 : panel ? Math.round(window.innerHeight * 0.46) : 48,
    }),
    [panel, phone],
  )
}
