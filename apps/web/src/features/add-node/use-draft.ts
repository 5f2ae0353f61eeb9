'use client'

import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { changed, changesOf, type Draft, draftFaults, type Faults, GROUPS, type Group } from './draft.ts'

/** After the last key: long enough not to save half a name, short enough to be done before a hand reaches the copy button. */
const SETTLE_MS = 400

export type DraftForm = {
  draft: Draft
  set: (change: Partial<Draft>) => void
  /** what does not fit, by field: the form's own rules first, then what the server said */
  faults: Faults
  saving: boolean
}

/** The form, saved as it is typed: each group of fields apart, so that a refusal stands at the field it is about. */
export function useDraft(nodeId: string, stored: Draft, kept: Partial<Draft>): DraftForm {
  const { mutateAsync } = useMutation(useTRPC().invitation.update.mutationOptions())
  const [draft, setDraft] = useState<Draft>(() => ({ ...stored, ...kept }))
  const [refused, setRefused] = useState<Faults>({})
  const [saving, setSaving] = useState(false)
  const latest = useRef(draft)
  const saved = useRef(stored)
  /** one save at a time: the last word must be the last to arrive */
  const queue = useRef<Promise<void>>(Promise.resolve())

  const save = useCallback(async () => {
    const faults = draftFaults(latest.current)
    for (const group of GROUPS) {
      const now = latest.current
      if (!changed(now, saved.current, group) || group.some((field) => faults[field])) continue
      try {
        await mutateAsync({ nodeId, ...changesOf(now, group) })
        saved.current = { ...saved.current, ...pick(now, group) }
        setRefused((before) => without(before, group))
      } catch (error) {
        const { text, fix } = errorWords(error)
        const field = fieldOf(error, group) ?? blamed(group, now, saved.current)
        setRefused((before) => ({ ...without(before, group), [field]: fix ? `${text} ${fix}` : text }))
      }
    }
    setSaving(false)
  }, [mutateAsync, nodeId])

  const saveSoon = useCallback(() => {
    queue.current = queue.current.then(save)
  }, [save])

  useEffect(() => {
    latest.current = draft
    const timer = setTimeout(saveSoon, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [draft, saveSoon])

  // What was typed in the last moment before leaving is not lost.
  useEffect(() => saveSoon, [saveSoon])

  return {
    draft,
    set: (change) => {
      // From the first key on: what stands here is not what the server has.
      setSaving(true)
      setDraft((before) => ({ ...before, ...change }))
      setRefused((before) => without(before, Object.keys(change) as (keyof Draft)[]))
    },
    faults: { ...refused, ...draftFaults(draft) },
    saving,
  }
}

/** The server says which field it refuses. */
function fieldOf(error: unknown, group: Group): keyof Draft | undefined {
  const { data } = error as { data?: { field?: string | null } }
  return group.find((field) => field === data?.field)
}

/** Of two fields sent together the one that changed; when both did, the later depends on the earlier. */
function blamed(group: Group, draft: Draft, saved: Draft): keyof Draft {
  return group.find((field) => draft[field] !== saved[field]) ?? group[0]
}

function pick(draft: Draft, group: Group): Partial<Draft> {
  return Object.fromEntries(group.map((field) => [field, draft[field]]))
}

function without(faults: Faults, fields: readonly (keyof Draft)[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([field]) => !fields.includes(field as keyof Draft)))
}
