'use client'

import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react'
import { draw } from './draw.ts'
import { type Graph, neighbours } from './graph.ts'
import { buildScene, type PlaceMap, type Scene } from './scene.ts'
import classes from './topology.module.css'
import { usePalette } from './use-palette.ts'
import { useView } from './use-view.ts'

export type Selection = { kind: 'node'; id: string } | { kind: 'edge'; id: string } | null

export interface CanvasHandle {
  fit(): void
  zoomBy(factor: number): void
  reveal(node: string): void
}

interface Props {
  graph: Graph
  places: PlaceMap
  settled: boolean
  kept: ReadonlySet<string> | null
  selection: Selection
  onSelect(selection: Selection): void
  onOpen(node: string): void
  handle: Ref<CanvasHandle>
}

/** The live picture. It draws when something changed and at no other time; ages fade by one slow tick. */
export function TopologyCanvas({ graph, places, settled, kept, selection, onSelect, onOpen, handle }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette(canvas)
  const built = useMemo(() => buildScene(graph, places), [graph, places])
  const scene = useRef<Scene>(built)
  scene.current = built
  const hover = useRef<{ node: string | null; edge: string | null }>({ node: null, edge: null })
  const pending = useRef(0)
  const paint = useRef<() => void>(() => {})
  const repaint = useCallback(() => {
    cancelAnimationFrame(pending.current)
    pending.current = requestAnimationFrame(() => paint.current())
  }, [])
  const view = useView(canvas, scene, repaint)

  paint.current = () => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || !palette) return
    const ratio = window.devicePixelRatio || 1
    const { clientWidth: width, clientHeight: height } = element
    if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
      element.width = Math.round(width * ratio)
      element.height = Math.round(height * ratio)
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    draw(context, {
      ...{ scene: scene.current, view: view.transform.current, width, height, palette, kept, now: Date.now() },
      selectedNode: selection?.kind === 'node' ? selection.id : null,
      selectedEdge: selection?.kind === 'edge' ? selection.id : null,
      hovered: hover.current.node,
      hoveredEdge: hover.current.edge,
    })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these changes what is drawn
  useEffect(repaint, [built, palette, kept, selection, repaint])

  useEffect(() => {
    const observer = new ResizeObserver(repaint)
    if (canvas.current) observer.observe(canvas.current)
    const ages = setInterval(repaint, 5000)
    return () => {
      observer.disconnect()
      clearInterval(ages)
      cancelAnimationFrame(pending.current)
    }
  }, [repaint])

  // The picture is fitted while it finds its places the first time; after that it belongs to the person.
  const touched = useRef(false)
  useEffect(() => {
    if (touched.current || built.bounds === null) return
    view.fit(false)
    if (settled) touched.current = true
  }, [built, settled, view])

  useImperativeHandle(handle, () => ({
    fit: () => view.fit(),
    zoomBy: (factor) => view.zoomBy(factor),
    reveal(node) {
      const placed = scene.current.byId.get(node)
      if (placed) view.centre(placed.x, placed.y)
    },
  }))

  const worldOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    const { x, y, k } = view.transform.current
    return { x: (event.clientX - box.left - x) / k, y: (event.clientY - box.top - y) / k, slack: 5 / k }
  }
  const under = (event: PointerEvent) => {
    const { x, y, slack } = worldOf(event)
    const node = scene.current.nodeAt(x, y, slack)
    return { node: node?.node.id ?? null, edge: node ? null : (scene.current.edgeAt(x, y, slack)?.edge.id ?? null) }
  }
  /** the node that the keys left last: at a gateway, the next arrow goes to the neighbour after it */
  const came = useRef<string | null>(null)
  const down = useRef<{ x: number; y: number } | null>(null)

  return (
    <canvas
      ref={canvas}
      className={classes.canvas}
      tabIndex={0}
      role="img"
      aria-label={`${graph.nodes.length} nodes and ${graph.edges.length} measured tunnels. Arrow keys walk to neighbours, Enter opens, Escape steps back. “Show as table” reads the same.`}
      onPointerDown={(event) => {
        touched.current = true
        down.current = { x: event.clientX, y: event.clientY }
      }}
      onPointerMove={(event) => {
        const found = under(event)
        if (found.node === hover.current.node && found.edge === hover.current.edge) return
        hover.current = found
        event.currentTarget.style.cursor = found.node || found.edge ? 'pointer' : ''
        repaint()
      }}
      onPointerLeave={() => {
        hover.current = { node: null, edge: null }
        repaint()
      }}
      onPointerUp={(event) => {
        const from = down.current
        down.current = null
        // A drag pans; only a press that stayed where it was selects.
        if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4) return
        const { node, edge } = under(event)
        onSelect(node ? { kind: 'node', id: node } : edge ? { kind: 'edge', id: edge } : null)
      }}
      onDoubleClick={() => {
        if (hover.current.node) onOpen(hover.current.node)
      }}
      onKeyDown={(event) => walk(event)}
    />
  )

  function walk(event: KeyboardEvent<HTMLCanvasElement>) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (event.key === '+' || event.key === '=') view.zoomBy(1.4)
    else if (event.key === '-') view.zoomBy(1 / 1.4)
    else if (event.key === '0') view.fit()
    else if (event.key === 'Escape') onSelect(null)
    else if (event.key === 'Enter' && selection?.kind === 'node') onOpen(selection.id)
    else if (step !== undefined) {
      const along = event.key === 'ArrowRight' || event.key === 'ArrowLeft'
      const next = nextNode(graph, selection, along ? came.current : undefined, step)
      if (!next) return
      came.current = selection?.kind === 'node' ? selection.id : null
      onSelect({ kind: 'node', id: next })
      const placed = scene.current.byId.get(next)
      if (placed) view.centre(placed.x, placed.y)
    } else return
    event.preventDefault()
  }
}

/**
 * Left and right walk along an edge: at a gateway to the neighbour after the one that the keys came from. Up and down
 * (`came` is undefined) go through all nodes by name. Where nothing is chosen they begin at a gateway.
 */
function nextNode(graph: Graph, selection: Selection, came: string | null | undefined, step: number) {
  const byName = [...graph.nodes].sort((left, right) => left.name.localeCompare(right.name))
  if (selection?.kind !== 'node') return (byName.find((node) => node.role === 'gateway') ?? byName[0])?.id
  const near = came === undefined ? [] : (neighbours(graph).get(selection.id) ?? [])
  const list = near.length > 0 ? near : byName.map((node) => node.id)
  const at = list.indexOf(near.length > 0 ? (came ?? '') : selection.id)
  return list[(Math.max(at, step > 0 ? -1 : 0) + step + list.length) % list.length]
}
