'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'

export type Freshness = { status: 'connecting' | 'live' | 'lost'; lostAt: number | null }

/** What each kind of hint makes old. A hint says that something changed, never what: the cache asks again. */
const touches = {
  network: ['network', 'site', 'node', 'topology', 'joinKey', 'invitation', 'cluster', 'device', 'policy', 'paths'],
  node: [
    'node',
    'topology',
    'network.list',
    'network.get',
    'site',
    'invitation',
    'cluster',
    'device',
    'policy',
    'paths',
  ],
  ledger: ['node.ledger', 'node.get', 'node.list', 'topology', 'cluster.get'],
  report: [
    ...['node.list', 'node.get', 'node.ledger', 'topology', 'network.list', 'network.get'],
    ...['cluster.get', 'cluster.serverVerdict', 'device.list'],
  ],
  activity: ['activity'],
  membership: ['member', 'me', 'apiKey'],
  // the server itself was out of hearing: anything may have changed
  gap: [
    ...['network', 'site', 'node', 'topology', 'joinKey', 'invitation', 'activity', 'member', 'me', 'apiKey'],
    ...['cluster', 'device', 'policy', 'paths'],
  ],
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
  const onlyReports = useRef(true)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const [lostAt, setLostAt] = useState<number | null>(null)
  const everLive = useRef(false)

  const flush = useRef(() => {
    timer.current = undefined
    if (document.hidden) return
    const prefixes = [...old.current]
    old.current.clear()
    if (prefixes.length === 0) return
    const isOnlyReports = onlyReports.current
    onlyReports.current = true
    void cache.invalidateQueries(
      {
        predicate: ({ queryKey }) => {
          const path = (queryKey[0] as string[] | undefined)?.join('.') ?? ''
          return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))
        },
      },
      // Reports come every second and the next one is never far: on a slow line each would break off the answer to the one before,
      // and none would ever arrive.
      { cancelRefetch: !isOnlyReports },
    )
  })

  const settled = useSettled()
  const subscription = useSubscription(
    trpc.live.hints.subscriptionOptions(
      { network },
      {
        enabled: settled,
        onData: (hint) => {
          for (const prefix of touches[hint.kind] ?? []) old.current.add(prefix)
          if (hint.kind !== 'report') onlyReports.current = false
          timer.current ??= setTimeout(flush.current, BURST_MS)
        },
      },
    ),
  )

  const live = subscription.status === 'pending'
  useEffect(() => {
    if (!settled) return
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
  }, [settled, live, cache])

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

/**
 * Whether the page as it came has been taken over by the browser: an answer that is newer than what the server wrote into the page must
 * not come in between, or React finds other words than it expects and draws everything anew.
 */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    const settle = () => setSettled(true)
    if (typeof requestIdleCallback === 'undefined') {
      const timer = setTimeout(settle, 500)
      return () => clearTimeout(timer)
    }
    const idle = requestIdleCallback(settle, { timeout: 3000 })
    return () => cancelIdleCallback(idle)
  }, [])
  return settled
}
