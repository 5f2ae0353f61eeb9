import { useEffect, useState } from 'react'

const KEY = 'spanwire.legend'

/** Open or not, as somebody left it; at first open where there is room. */
export function useLegend(): [boolean, () => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const kept = read()
    setOpen(kept === null ? window.innerWidth >= 1100 : kept === 'open')
  }, [])
  return [
    open,
    () => {
      setOpen(!open)
      try {
        localStorage.setItem(KEY, open ? 'closed' : 'open')
      } catch {
        // A forbidden storage: it is as at first the next time.
      }
    },
  ]
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
