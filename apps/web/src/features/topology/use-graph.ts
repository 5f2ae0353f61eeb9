import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ageGraph } from './age-graph.ts'
import type { Graph } from './graph.ts'

/** Hints fetch when something was reported; this keeps ages honest when nothing is. Of thousands, less often. */
const renewMs = (nodes: number) => (nodes <= 500 ? 10_000 : 30_000)

/** Answers older than this mean that the server is away: a renewal and its repetitions have failed. */
const LATE_MS = 25_000
const LOOK_MS = 2_500

const nothing: Graph = { nodes: [], edges: [] }

/** The measured graph, how old it is, and the time on the server's clock. */
export function useGraph(network: string) {
  const query = useQuery({
    ...useTRPC().topology.get.queryOptions({ network }),
    placeholderData: keepPreviousData,
    refetchInterval: (running) => renewMs(running.state.data?.nodes.length ?? 0),
    // Nearly every sentence has an age in it: comparing the old answer with the new one would find nothing alike.
    structuralSharing: false,
  })
  const { data, dataUpdatedAt, failureCount } = query
  const measuredAt = data ? Date.parse(data.at) : 0
  const now = () => measuredAt + (Date.now() - dataUpdatedAt)
  const late = useLate(dataUpdatedAt, renewMs(data?.nodes.length ?? 0), failureCount > 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `late` counts up while the answer grows old
  const graph: Graph = useMemo(() => (data ? (late > 0 ? ageGraph(data, now()) : data) : nothing), [data, late])
  return { query, graph, sites: data?.sites ?? [], measuredAt: dataUpdatedAt, isLate: late > 0, now }
}

/** 0 while answers come; counts up while none does. */
function useLate(updatedAt: number, everyMs: number, failing: boolean): number {
  const [late, setLate] = useState(0)
  useEffect(() => {
    setLate(0)
    if (updatedAt === 0) return
    const timer = setInterval(() => {
      const age = Date.now() - updatedAt
      if (age > everyMs + LATE_MS || (failing && age > 5000)) setLate((count) => count + 1)
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [updatedAt, everyMs, failing])
  return late
}
