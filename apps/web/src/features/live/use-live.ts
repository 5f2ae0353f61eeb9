'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'

export type Freshness = { status: 'connecting' | 'live' | 'lost'; lostAt: number | null }

/** What each kind of hint makes old. A hint says that something changed, never what: the cache asks again. */
const touches = {
  network: ['network', 'site', 'node', 'topology', 'joinKey', 'invitation'],
  node: ['node', 'topology', 'network.list', 'network.get', 'site', 'invitation'],
  ledger: ['node.ledger', 'node.get', 'node.list', 'topology'],
  report: ['node.list', 'node.get', 'node.ledger', 'topology', 'network.list', 'network.get'],
  activity: ['activity'],
  membership: ['member', 'me', 'apiKey'],
  // the server itself was out of hearing: anything may have changed
  gap: ['network', 'site', 'node', 'topology', 'joinKey', 'invitation', 'activity', 'member', 'me', 'apiKey'],
} satisfies Record<string, string[]>

/** Hints come in bursts (a change touches its network, its nodes, its activity): one refetch for all of them. */
const BURST_MS = 250

/** What a page came with is the present if the stream opens so soon after. */
const FRESH_MS = 5000

/** One subscription a page; what it hears makes the cached answers old, and only those on screen are fetched again. */
export function useLive(network: string | undefined): Freshness {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const old = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [lostAt, setLostAt] = useState<number | null>(null)
  const everLive = useRef(false)

  const flush = useRef(() => {
    timer.current = undefined
    if (document.hidden) return
    const prefixes = [...old.current]
    old.current.clear()
    if (prefixes.length === 0) return
    void cache.invalidateQueries({
      predicate: ({ queryKey }) => {
        const path = (queryKey[0] as string[] | undefined)?.join('.') ?? ''
        return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))
      },
    })
  })

  const subscription = useSubscription(
    trpc.live.hints.subscriptionOptions(
      { network },
      {
        onData: (hint) => {
          for (const prefix of touches[hint.kind] ?? []) old.current.add(prefix)
          timer.current ??= setTimeout(flush.current, BURST_MS)
        },
      },
    ),
  )

  const live = subscription.status === 'pending'
  useEffect(() => {
    if (!live) {
      setLostAt((since) => since ?? Date.now())
      return
    }
    setLostAt(null)
    // Hints were missed while it was away; at the first time only what the page came with long before.
    const heardBefore = everLive.current
    everLive.current = true
    void cache.invalidateQueries({
      predicate: (query) => heardBefore || query.state.dataUpdatedAt < Date.now() - FRESH_MS,
    })
  }, [live, cache])

  useEffect(() => {
    const onShow = () => flush.current()
    document.addEventListener('visibilitychange', onShow)
    return () => {
      document.removeEventListener('visibilitychange', onShow)
      clearTimeout(timer.current)
    }
  }, [])

  if (live) return { status: 'live', lostAt: null }
  return { status: subscription.status === 'error' || subscription.error ? 'lost' : 'connecting', lostAt }
}
