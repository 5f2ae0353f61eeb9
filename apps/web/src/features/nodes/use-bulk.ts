'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { say } from '~/ui/say.ts'
import { count } from '~/ui/units.ts'
import type { NodeRow } from './node-row.ts'
import { runEach } from './run-each.ts'

export type Failure = { name: string; words: string }

/** Does one thing to many nodes: says how many it was done to, and names those it was not. */
export function useBulk(nodes: readonly NodeRow[], onDone: () => void) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [failures, setFailures] = useState<Failure[]>([])

  const run = async (able: readonly NodeRow[], did: string, act: (node: NodeRow) => Promise<unknown>) => {
    setBusy(true)
    setFailures([])
    const byId = new Map(able.map((node) => [node.id, node]))
    const outcome = await runEach([...byId.keys()], (id) => act(byId.get(id) as NodeRow))
    await cache.invalidateQueries({ queryKey: trpc.node.list.queryKey() })
    setBusy(false)
    if (outcome.done.length > 0) say(`${count(outcome.done.length, 'node')} ${did}.`)
    if (outcome.failed.length === 0) return onDone()
    setFailures(
      outcome.failed.map(({ id, error }) => {
        const { text, fix } = errorWords(error)
        return { name: byId.get(id)?.name ?? id, words: fix ? `${text} ${fix}` : text }
      }),
    )
  }

  return { busy, failures, run, names: nodes.map((node) => node.name) }
}
