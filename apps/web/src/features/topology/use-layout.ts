import { useEffect, useMemo, useRef, useState } from 'react'
import { type Graph, shapeKey } from './graph.ts'
import type { Places } from './layout.worker.ts'
import type { PlaceMap } from './scene.ts'

/**
 * Places of the nodes, found by the worker and kept in the browser by network, so that tomorrow's picture is today's.
 * The worker runs when nodes, edges or sites changed; a refresh of measurements does not move anything.
 */
export function useLayout(network: string, graph: Graph): { places: PlaceMap; settled: boolean; reshuffle(): void } {
  const storageKey = `spanwire.places.${network}`
  const [places, setPlaces] = useState<PlaceMap>(() => new Map())
  const [settled, setSettled] = useState(false)
  const [round, setRound] = useState(0)
  const known = useRef<PlaceMap | null>(null)
  const generation = useRef(0)
  const worker = useRef<Worker | null>(null)
  const shape = useMemo(() => shapeKey(graph), [graph])
  const latest = useRef(graph)
  latest.current = graph

  useEffect(() => {
    const made = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
    worker.current = made
    made.onmessage = ({ data }: MessageEvent<Places>) => {
      if (data.generation !== generation.current) return
      const placed = new Map(data.ids.map((id, index) => [id, { x: data.xy[index * 2]!, y: data.xy[index * 2 + 1]! }]))
      known.current = placed
      setPlaces(placed)
      setSettled(data.settled)
      if (data.settled) store(storageKey, placed)
    }
    return () => made.terminate()
  }, [storageKey])

  // biome-ignore lint/correctness/useExhaustiveDependencies: shape says when the graph's nodes and edges changed; round when a person asked
  useEffect(() => {
    const seeds = known.current ?? restore(storageKey)
    generation.current += 1
    setSettled(false)
    worker.current?.postMessage({
      generation: generation.current,
      input: {
        nodes: latest.current.nodes.map((node) => ({
          id: node.id,
          site: node.siteId,
          gateway: node.role === 'gateway',
          ...seeds.get(node.id),
        })),
        edges: latest.current.edges.map(({ a, b }) => ({ a, b })),
      },
    })
  }, [shape, round, storageKey])

  return {
    places,
    settled,
    reshuffle() {
      known.current = new Map()
      localStorage.removeItem(storageKey)
      setRound((count) => count + 1)
    },
  }
}

function store(key: string, places: PlaceMap): void {
  try {
    const rows = [...places].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)])
    localStorage.setItem(key, JSON.stringify(rows))
  } catch {
    // A full or forbidden storage costs only that tomorrow's picture is laid out anew.
  }
}

function restore(key: string): PlaceMap {
  try {
    const rows: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    if (!Array.isArray(rows)) return new Map()
    return new Map(
      rows
        .filter((row): row is [string, number, number] => Array.isArray(row) && row.length === 3)
        .map(([id, x, y]) => [id, { x, y }]),
    )
  } catch {
    return new Map()
  }
}
