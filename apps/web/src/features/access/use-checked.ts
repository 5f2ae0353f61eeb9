'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { OPEN_POLICY, type Policy } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTRPCClient } from '~/trpc/client.tsx'
import { type Mark, marksOf } from './marks-of.ts'
import type { Check } from './policy-shapes.ts'

/** The reader runs in the page; a short rest keeps it out of the way of fast hands. */
const READ_AFTER_MS = 120
/** Names, tests and what is gained and lost are asked of the server. */
const ASK_AFTER_MS = 500

export type Checked = {
  /** As it could last be read: the names that the text itself makes. */
  readonly known: Policy
  readonly marks: readonly Mark[]
  /** Of exactly this text; null until the server has answered, or where it cannot be read. */
  readonly check: Check | null
  readonly isAsking: boolean
  readonly error: unknown
  readonly retry: () => void
}

/** What is to be said of a text, at once and by the server. Nothing is asked of a text that is not `wanted`. */
export function useChecked(network: string, text: string, wanted: boolean): Checked {
  const client = useTRPCClient()
  const [read] = useDebouncedValue(text, READ_AFTER_MS)
  const [asked] = useDebouncedValue(text, ASK_AFTER_MS)
  const { findings, policy } = useMemo(() => readPolicy(read), [read])
  const [known, setKnown] = useState<Policy>(OPEN_POLICY)
  useEffect(() => {
    if (policy) setKnown(policy)
  }, [policy])
  const isReadable = !findings.some(({ severity }) => severity === 'error')
  const query = useQuery({
    // Hints make what begins with `policy` old: a node that joined may gain or lose by it.
    queryKey: [['policy', 'draft'], network, asked],
    queryFn: async () => ({
      text: asked,
      check: await client.policy.check.mutate({ networkId: network, text: asked }),
    }),
    enabled: wanted && isReadable && asked === read,
    placeholderData: keepPreviousData,
    // A text is long, and the next letter makes another one.
    gcTime: 30_000,
  })
  const answered = query.data?.text === text ? query.data.check : null
  const marks = useMemo(() => marksOf(read === text ? findings : [], answered), [read, text, findings, answered])
  return {
    known,
    marks,
    check: answered,
    isAsking: wanted && isReadable && answered === null && !query.isError,
    error: query.isError && query.data?.text !== text ? query.error : null,
    retry: () => void query.refetch(),
  }
}
