'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'

type Stored = { readonly text: string; readonly base: number | null; readonly restores: number | null }

export type DraftPolicy = {
  readonly text: string
  readonly isChanged: boolean
  /** The version it began from is no longer the one that holds. */
  readonly isBehind: boolean
  /** The older version that it is, to the letter. */
  readonly restores: number | null
  readonly set: (text: string) => void
  readonly restore: (number: number, text: string) => void
  readonly discard: () => void
}

/**
 * The text as a person is writing it. It is kept by the tab of the browser, so another page, a reload or a session that ended loses
 * nothing of it.
 */
export function useDraftPolicy(network: string, holds: { readonly text: string; readonly number: number | null }) {
  const key = keyOf(network)
  const [draft, setDraft] = useState<Stored | null>(null)

  // Not before the page was taken over: the server knows nothing of it.
  useEffect(() => setDraft(readStored(key)), [key])

  const isChanged = draft !== null && draft.text !== holds.text
  useEffect(() => {
    if (!isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isChanged])

  const put = useCallback(
    (next: Stored | null) => {
      setDraft(next)
      writeStored(key, next)
    },
    [key],
  )
  const base = draft ? draft.base : holds.number
  return useMemo(
    (): DraftPolicy => ({
      text: draft?.text ?? holds.text,
      isChanged,
      isBehind: isChanged && base !== holds.number,
      restores: draft?.restores ?? null,
      set: (text) => put({ text, base, restores: null }),
      restore: (number, text) => put({ text, base: holds.number, restores: number }),
      discard: () => put(null),
    }),
    [draft, holds.text, holds.number, isChanged, base, put],
  )
}

/** Changes the text that is being written, from a page that does not show it. */
export function changeDraft(
  network: string,
  holds: { readonly text: string; readonly number: number | null },
  change: (text: string) => string,
): void {
  const before = readStored(keyOf(network)) ?? { text: holds.text, base: holds.number, restores: null }
  writeStored(keyOf(network), { ...before, text: change(before.text), restores: null })
}

const keyOf = (network: string): string => `spanwire.policy.${network}`

function readStored(key: string): Stored | null {
  try {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Stored> | null
    if (typeof stored?.text !== 'string') return null
    return { text: stored.text, base: stored.base ?? null, restores: stored.restores ?? null }
  } catch {
    return null
  }
}

/** A store that is full or forbidden only costs the text's life beyond this page. */
function writeStored(key: string, draft: Stored | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(draft))
  } catch {}
}
