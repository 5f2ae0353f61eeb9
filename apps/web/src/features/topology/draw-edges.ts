import { type Frame, type Palette, touches, type World } from './frame.ts'
import type { GraphEdge } from './graph.ts'
import type { PlacedEdge } from './scene.ts'

/** An edge fades from fresh evidence to this age; past it the status says stale. */
const FADE_MS = 60_000

export function drawEdge(context: CanvasRenderingContext2D, frame: Frame, placed: PlacedEdge): void {
  const { a, b, edge } = placed
  const selected = frame.selectedEdge === edge.id || frame.hoveredEdge === edge.id
  const ownsFocus = edge.a === frame.hovered || edge.b === frame.hovered
  const ofSelection = edge.a === frame.selectedNode || edge.b === frame.selectedNode
  context.globalAlpha = edgeAlpha(frame, edge, selected || ownsFocus || ofSelection)
  context.strokeStyle = edgeColour(frame.palette, edge)
  context.lineWidth = (selected ? 1.5 : 0) + edgeWidth(edge.rate)
  context.setLineDash(dash(edge))
  context.beginPath()
  context.moveTo(a.x, a.y)
  context.lineTo(b.x, b.y)
  context.stroke()
  context.setLineDash([])
  if (edge.status === 'down') drawCross(context, (a.x + b.x) / 2, (a.y + b.y) / 2)
  context.globalAlpha = 1
}

/** Solid: measured alive in both directions. Dotted: one way only. Sparse: evidence too old, or none yet. */
function dash(edge: GraphEdge): number[] {
  if (edge.status === 'one-way') return [1.5, 4]
  if (edge.status === 'stale' || edge.status === 'unknown') return [6, 6]
  return []
}

function edgeColour(palette: Palette, edge: GraphEdge): string {
  if (edge.status === 'up') return edge.loss !== null && edge.loss > 0.05 ? palette.status.warn : palette.status.good
  if (edge.status === 'one-way') return palette.status.warn
  if (edge.status === 'down') return palette.status.bad
  return palette.line
}

/** 1 px when idle, 2 px at 10 kB/s, a pixel more for each tenfold. */
export function edgeWidth(bytesPerSecond: number): number {
  return 1 + Math.max(0, Math.min(5, Math.log10(Math.max(1, bytesPerSecond)) - 3))
}

function edgeAlpha(frame: Frame, edge: GraphEdge, focused: boolean): number {
  if (focused) return 1
  const { kept } = frame
  if (kept && !(kept.has(edge.a) && kept.has(edge.b))) return 0.06
  if (frame.hovered !== null) return 0.12
  const age = edge.evidenceAt === null ? FADE_MS : frame.now - Date.parse(edge.evidenceAt)
  const fresh = 1 - Math.max(0, Math.min(1, age / FADE_MS))
  return edge.status === 'down' ? 0.9 : 0.35 + 0.45 * fresh
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.lineWidth = 1.6
  context.beginPath()
  context.moveTo(x - 4, y - 4)
  context.lineTo(x + 4, y + 4)
  context.moveTo(x + 4, y - 4)
  context.lineTo(x - 4, y + 4)
  context.stroke()
}

/** The round-trip time stands at the middle of an edge that is pointed at, selected, or seen from near. */
export function drawEdgeLabels(context: CanvasRenderingContext2D, frame: Frame, seen: World): void {
  const { view, palette } = frame
  context.font = `11px ${palette.font}`
  context.textAlign = 'center'
  for (const placed of frame.scene.edges) {
    const { edge, a, b } = placed
    const focus = edge.id === frame.hoveredEdge || edge.id === frame.selectedEdge || edge.a === frame.selectedNode
    if (edge.rttMs === null || !(focus || edge.b === frame.selectedNode || view.k > 2.2)) continue
    if (!touches(placed, seen)) continue
    const x = ((a.x + b.x) / 2) * view.k + view.x
    const y = ((a.y + b.y) / 2) * view.k + view.y - 4
    const text = `${edge.rttMs < 10 ? edge.rttMs.toFixed(1) : Math.round(edge.rttMs)} ms`
    context.lineWidth = 3
    context.strokeStyle = palette.surface
    context.strokeText(text, x, y)
    context.fillStyle = palette.dimmed
    context.fillText(text, x, y)
  }
}
