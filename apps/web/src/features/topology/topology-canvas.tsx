'use client'

import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { count } from '~/ui/units.ts'
import { usePainter } from '~/ui/use-painter.ts'
import { nodeWords, type Words, wordsOf } from './canvas-words.ts'
import { draw } from './draw.ts'
import { GlyphCache } from './glyph-cache.ts'
import type { Graph } from './graph.ts'
import { HoverTip } from './hover-tip.tsx'
import { type Picked, pick } from './pick.ts'
import { boundsOf, buildScene } from './scene.ts'
import { litBy, type Selection } from './selection.ts'
import classes from './topology.module.css'
import type { PlaceMap } from './use-layout.ts'
import { usePalette } from './use-palette.ts'
import { type Insets, useView } from './use-view.ts'
import { ahead, firstOf, following, isArrow } from './walk.ts'

export interface CanvasHandle {
  fit(): void
  zoomBy(factor: number): void
  reveal(node: string): void
  focus(): void
}

interface Props {
  graph: Graph & { context?: ReadonlySet<string> }
  places: PlaceMap
  found: ReadonlySet<string> | null
  selection: Selection
  insets: Insets
  /** ms on the server's clock */
  now: () => number
  onSelect(selection: Selection): void
  onOpen(node: string): void
  handle: Ref<CanvasHandle>
}

/** The live picture. React renders when data, filter or selection change; panning, zooming and pointing only draw. */
export function TopologyCanvas({ graph, places, found, selection, insets, now, onSelect, onOpen, handle }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const tip = useRef<HTMLDivElement>(null)
  const palette = usePalette(canvas)
  const scene = useMemo(() => buildScene(graph, places), [graph, places])
  const [hovered, setHovered] = useState<Picked | null>(null)
  const [walked, setWalked] = useState<string | null>(null)
  const [focused, setFocused] = useState(false)
  const cursor = focused ? walked : null
  const lit = useMemo(() => litBy(scene, selection, hovered), [scene, selection, hovered])

  const glyphs = useRef<GlyphCache | null>(null)
  const repaint = usePainter(canvas, canvas, (context, size) => {
    if (!palette) return
    if (!glyphs.current?.suits(palette, size.ratio)) glyphs.current = new GlyphCache(palette, size.ratio)
    draw(context, {
      ...{
        ...size,
        scene,
        palette,
        found,
        lit,
        cursor,
        glyphs: glyphs.current,
        view: view.transform.current,
        now: now(),
      },
      dimsRest: hovered?.kind === 'node',
      hoveredNode: hovered?.kind === 'node' ? hovered.id : null,
      selectedNode: selection?.kind === 'node' ? selection.id : null,
    })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these changes what is drawn
  useEffect(repaint, [scene, palette, found, lit, cursor, repaint])

  // The picture is fitted until somebody takes it in hand.
  const grabbed = useRef(false)
  const view = useView(canvas, repaint, () => {
    grabbed.current = true
  })
  const fitAll = (animated?: boolean) => {
    const kept = scene.nodes.filter(({ context }) => !context)
    const bounds = boundsOf(kept.length > 0 ? kept : scene.nodes)
    if (bounds) view.fit(bounds, insets, animated)
  }
  // Once for each set of places and each filter, not at each refresh of measurements.
  const shown = `${graph.nodes.length} ${[...(graph.context ?? [])].length}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown, where it stands, and the first colours
  useEffect(() => {
    if (!grabbed.current) fitAll(false)
  }, [shown, places, palette === null])

  const reveal = (id: string) => {
    const placed = scene.byId.get(id)
    if (!placed) return
    grabbed.current = true
    view.reveal(placed, insets)
  }
  useImperativeHandle(handle, () => ({
    fit: () => fitAll(),
    zoomBy: (factor) => view.zoomBy(factor),
    reveal,
    focus: () => stage.current?.focus({ preventScroll: true }),
  }))

  const under = (event: { clientX: number; clientY: number; pointerType?: string }) => {
    const box = canvas.current?.getBoundingClientRect()
    if (!box) return null
    const [x, y] = [event.clientX - box.left, event.clientY - box.top]
    return pick(scene, { view: view.transform.current, lit }, x, y, event.pointerType === 'touch' ? 'touch' : 'mouse')
  }
  const down = useRef<{ x: number; y: number } | null>(null)
  const cursorNode = cursor === null ? undefined : scene.byId.get(cursor)
  const words: Words | null = hovered && wordsOf(hovered, graph, now())

  return (
    <div
      ref={stage}
      className={classes.map}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is walked by keys
      tabIndex={0}
      role="application"
      aria-label="Map of the network"
      aria-describedby="topology-keys"
      onKeyDown={onKey}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <canvas
        ref={canvas}
        className={classes.canvas}
        data-points={hovered ? true : undefined}
        role="img"
        aria-label={`${count(graph.nodes.length, 'node')} and ${count(graph.edges.length, 'measured tunnel')}`}
        onPointerDown={(event) => {
          down.current = { x: event.clientX, y: event.clientY }
        }}
        onPointerMove={(event) => {
          if (event.pointerType === 'touch' || event.buttons > 0) return
          const picked = under(event)
          moveTip(tip.current, canvas.current, event)
          setHovered((before) => (before?.kind === picked?.kind && before?.id === picked?.id ? before : picked))
        }}
        onPointerLeave={() => setHovered(null)}
        onPointerUp={(event) => {
          const from = down.current
          down.current = null
          // A drag pans; only a press that stayed where it was selects.
          if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) > 5) return
          const picked = under(event)
          setWalked(null)
          onSelect(picked && { kind: picked.kind, id: picked.id })
        }}
        onDoubleClick={(event) => {
          const picked = under(event)
          if (picked?.kind === 'node') onOpen(picked.id)
        }}
      />
      <HoverTip words={words} ref={tip} />
      <p id="topology-keys" className={classes.unseen}>
        Arrow keys walk from node to node, Tab through all of them by name, Enter opens one, Escape steps back. Plus and
        minus zoom, zero shows all. “Show as table” reads the same.
      </p>
      <p className={classes.unseen} aria-live="polite">
        {cursorNode && spoken(nodeWords(cursorNode.node))}
      </p>
    </div>
  )

  function onKey(event: KeyboardEvent<HTMLDivElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (!act(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Whether the key meant something here. */
  function act({ key, shiftKey }: KeyboardEvent): boolean {
    if (key === '+' || key === '=') view.zoomBy(1.4)
    else if (key === '-') view.zoomBy(1 / 1.4)
    else if (key === '0') fitAll()
    else if (key === 'Escape') return stepBack()
    else if (key === 'Enter' && cursor !== null) onSelect({ kind: 'node', id: cursor })
    else if (isArrow(key)) {
      const from = cursorNode ?? (selection?.kind === 'node' ? scene.byId.get(selection.id) : undefined)
      walkTo(from ? ahead(scene, from, key) : firstOf(scene))
    } else if (key === 'Tab' && cursorNode) {
      const next = following(scene, cursorNode, shiftKey ? -1 : 1)
      if (!next) return false
      walkTo(next)
    } else return false
    return true
  }

  function walkTo(placed: { node: { id: string } } | undefined) {
    if (!placed) return
    setWalked(placed.node.id)
    reveal(placed.node.id)
  }

  function stepBack(): boolean {
    if (selection) onSelect(null)
    else if (cursor !== null) setWalked(null)
    else return false
    return true
  }
}

function spoken({ title, lines }: Words): string {
  return [title, ...lines.map(({ text }) => text)].join('. ')
}

function moveTip(
  tip: HTMLElement | null,
  canvas: HTMLElement | null,
  { clientX, clientY }: { clientX: number; clientY: number },
) {
  if (!tip || !canvas) return
  const box = canvas.getBoundingClientRect()
  const [x, y] = [clientX - box.left, clientY - box.top]
  const left = x + 16 + 300 > box.width ? x - 12 : x + 14
  tip.style.transform = `translate(${left}px, ${Math.max(8, y + 14)}px) translateX(${left < x ? '-100%' : '0'})`
}
