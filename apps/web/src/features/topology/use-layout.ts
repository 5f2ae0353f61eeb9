import { useEffect, useMemo, useRef, useState } from 'react'
import { type Graph, shapeKey } from './graph.ts'
import type { LayoutRequest, Places } from './layout.worker.ts'
import type { Point } from './point.ts'
import { forgetPlaces, type KnownPlace, restorePlaces, storePlaces } from './stored-places.ts'

export type PlaceMap = ReadonlyMap<string, Point>

const NOWHERE: PlaceMap = new Map()

/**
 * Places of the nodes, found by the worker and kept in the browser. The worker runs when nodes, edges or sites changed; a refresh
 * of measurements does not move anything.
 */
export function useLayout(network: string, graph: Graph): { places: PlaceMap; rearrange(): void } {
  const [places, setPlaces] = useState(NOWHERE)
  const [round, setRound] = useState(0)
  const known = useRef<Map<string, KnownPlace> | null>(null)
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
      const sites = new Map(latest.current.nodes.map((node) => [node.id, node.siteId ?? '']))
      const placed = new Map(
        data.ids.map((id, index) => [
          id,
          { x: data.xy[index * 2] ?? 0, y: data.xy[index * 2 + 1] ?? 0, site: sites.get(id) ?? '' },
        ]),
      )
      known.current = placed
      setPlaces(placed)
      storePlaces(network, placed)
    }
    return () => {
      made.terminate()
      known.current = null
    }
  }, [network])

  // biome-ignore lint/correctness/useExhaustiveDependencies: shape says when the graph's nodes and edges changed; round when a person asked
  useEffect(() => {
    const { nodes, edges } = latest.current
    if (nodes.length === 0) return
    const seeds = known.current ?? restorePlaces(network)
    generation.current += 1
    const request: LayoutRequest = {
      generation: generation.current,
      input: {
        nodes: nodes.map(({ id, siteId, role }) => {
          const seed = seeds.get(id)
          const at = seed?.site === (siteId ?? '') ? { x: seed.x, y: seed.y } : undefined
          return { id, site: siteId, gateway: role === 'gateway', at }
        }),
        edges: edges.map(({ a, b }) => ({ a, b })),
        aspect: Math.min(1.9, Math.max(0.6, window.innerWidth / window.innerHeight)),
      },
    }
    worker.current?.postMessage(request)
  }, [shape, round, network])

  return {
    places,
    rearrange() {
      known.current = new Map()
      forgetPlaces(network)
      setRound((count) => count + 1)
    },
  }
}
