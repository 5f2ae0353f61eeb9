'use client'

import { useRouter } from 'next/navigation'
import { startTransition } from 'react'

/** Asks the server for the page anew; the boundary's own `reset` alone would draw the same failure again. */
export function useTryAgain(reset: () => void): () => void {
  const router = useRouter()
  return () =>
    startTransition(() => {
      router.refresh()
      reset()
    })
}
