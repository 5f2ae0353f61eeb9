import { polygonHull } from 'd3-polygon'
import type { Fact, GraphEdge, Status } from './graph.ts'
import type { PlacedEdge, PlacedNode, Scene } from './scene.ts'

/** Draws one frame. Colour is never alone: a state has a dash, a gap or a cross too. */

export interface Palette {
  text: string
  dimmed: string
  surface: string
  line: string
  hull: string
  accent: string
  status: Record<Status, string>
  font: string
}

export interface Frame {
  scene: Scene
  view: { x: number; y: number; k: number }
  width: number
  height: number
  palette: Palette
  /** null: nothing is dimmed */
  kept: ReadonlySet<string> | null
  selectedNode: string | null
  selectedEdge: string | null
  hovered: string | null
  hoveredEdge: string | null
  now: number
}

/** Labels of all nodes from this zoom on; below it only gateways and what is pointed at, as far as there is room. */
const LABEL_ZOOM = 1.1
/** An edge fades from fresh evidence to this age; past it the status says stale. */
const FADE_MS = 60_000

export function draw(context: CanvasRenderingContext2D, frame: Frame): void {
  const { view, width, height, scene } = frame
  context.clearRect(0, 0, width, height)
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.k, view.k)
  drawSites(context, frame)
  const seen = visibleWorld(frame)
  for (const edge of scene.edges) if (touches(edge, seen)) drawEdge(context, frame, edge)
  const nodes = scene.nodes.filter((node) => inside(node, seen))
  for (const node of nodes) drawNode(context, frame, node)
  context.restore()
  drawEdgeLabels(context, frame, seen)
  drawLabels(context, frame, nodes)
}

function drawSites(context: CanvasRenderingContext2D, frame: Frame): void {
  const sites = new Map<string, PlacedNode[]>()
  for (const placed of frame.scene.nodes) {
    if (placed.node.siteId === null) continue
    const members = sites.get(placed.node.siteId)
    if (members) members.push(placed)
    else sites.set(placed.node.siteId, [placed])
  }
  context.lineJoin = 'round'
  for (const members of sites.values()) {
    const around = members.flatMap(({ x, y }): [number, number][] => [
      [x - 9, y - 9],
      [x + 9, y - 9],
      [x - 9, y + 9],
      [x + 9, y + 9],
    ])
    const hull = polygonHull(around)
    if (!hull) continue
    context.beginPath()
    for (const [index, [x, y]] of hull.entries()) index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
    context.closePath()
    context.fillStyle = frame.palette.hull
    context.strokeStyle = frame.palette.hull
    context.lineWidth = 22
    context.stroke()
    context.fill()
    const top = Math.min(...hull.map(([, y]) => y))
    const middle = hull.reduce((sum, [x]) => sum + x, 0) / hull.length
    const size = Math.max(10, 12 / frame.view.k)
    if (frame.view.k < 0.25 && members.length < 5) continue
    context.font = `500 ${size}px ${frame.palette.font}`
    context.fillStyle = frame.palette.dimmed
    context.textAlign = 'center'
    context.fillText(`${members[0]?.node.siteName ?? ''} · ${members.length}`, middle, top - 16)
  }
}

function drawEdge(context: CanvasRenderingContext2D, frame: Frame, placed: PlacedEdge): void {
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

function drawNode(context: CanvasRenderingContext2D, frame: Frame, placed: PlacedNode): void {
  const { node, x, y, radius } = placed
  const { palette } = frame
  const dimmed = frame.kept !== null && !frame.kept.has(node.id)
  context.globalAlpha = dimmed ? 0.15 : node.state === 'invited' ? 0.55 : 1
  glyph(context, node.role, x, y, radius)
  context.fillStyle = palette.surface
  context.fill()
  context.lineWidth = 1.2
  context.strokeStyle = node.id === frame.selectedNode ? palette.accent : palette.text
  context.setLineDash(node.state === 'invited' ? [2, 2] : [])
  context.stroke()
  context.setLineDash([])
  if (node.id === frame.selectedNode || node.id === frame.hovered) {
    glyph(context, node.role, x, y, radius + 7)
    context.strokeStyle = palette.accent
    context.stroke()
  }
  if (node.state !== 'invited') drawFacts(context, palette, placed)
  context.globalAlpha = 1
}

/** A hexagon for a gateway, a circle for a member. */
function glyph(context: CanvasRenderingContext2D, role: string, x: number, y: number, radius: number): void {
  context.beginPath()
  if (role !== 'gateway') {
    context.arc(x, y, radius, 0, Math.PI * 2)
    return
  }
  for (let corner = 0; corner < 6; corner++) {
    const angle = (Math.PI / 3) * corner - Math.PI / 2
    context.lineTo(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius)
  }
  context.closePath()
}

/** Three thin arcs from the top, clockwise: reporting, tunnels, cluster. A bad one is short and thick, not only red. */
function drawFacts(context: CanvasRenderingContext2D, palette: Palette, { node, x, y, radius }: PlacedNode): void {
  const facts: Fact[] = [node.facts.reporting, node.facts.tunnels, node.facts.cluster]
  for (const [index, fact] of facts.entries()) {
    if (fact.status === 'none') continue
    const from = -Math.PI / 2 + (index * Math.PI * 2) / 3 + 0.14
    const whole = (Math.PI * 2) / 3 - 0.28
    const length = fact.status === 'bad' ? whole * 0.5 : whole
    context.beginPath()
    context.arc(x, y, radius + 3.5, from, from + length)
    context.strokeStyle = palette.status[fact.status]
    context.lineWidth = fact.status === 'bad' ? 3 : 1.8
    context.stroke()
  }
}

function drawLabels(context: CanvasRenderingContext2D, frame: Frame, nodes: PlacedNode[]): void {
  const { view, palette } = frame
  context.textAlign = 'center'
  context.textBaseline = 'top'
  const taken: { x0: number; x1: number; y: number }[] = []
  const inOrder = [...nodes].sort((left, right) => priority(frame, right) - priority(frame, left))
  for (const placed of inOrder) {
    const importance = priority(frame, placed)
    if (importance === 0 && view.k < LABEL_ZOOM) break
    const x = placed.x * view.k + view.x
    const y = (placed.y + placed.radius + 6) * view.k + view.y
    const half = placed.node.name.length * 3.4 + 4
    const clear = taken.every((other) => x + half < other.x0 || x - half > other.x1 || Math.abs(y - other.y) > 13)
    if (!clear && importance < 2) continue
    taken.push({ x0: x - half, x1: x + half, y })
    context.globalAlpha = frame.kept !== null && !frame.kept.has(placed.node.id) ? 0.15 : 1
    context.font = `${importance > 0 ? 500 : 400} 11.5px ${palette.font}`
    context.lineWidth = 3
    context.strokeStyle = palette.surface
    context.strokeText(placed.node.name, x, y)
    context.fillStyle = palette.text
    context.fillText(placed.node.name, x, y)
  }
  context.globalAlpha = 1
  context.textBaseline = 'alphabetic'
}

function priority(frame: Frame, { node }: PlacedNode): number {
  if (node.id === frame.selectedNode || node.id === frame.hovered) return 3
  if (node.role === 'gateway') return 2
  return node.facts.reporting.status === 'bad' || node.facts.tunnels.status === 'bad' ? 1 : 0
}

/** The round-trip time stands at the middle of an edge that is pointed at, selected, or seen from near. */
function drawEdgeLabels(context: CanvasRenderingContext2D, frame: Frame, seen: World): void {
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

interface World {
  x0: number
  y0: number
  x1: number
  y1: number
}

function visibleWorld({ view, width, height }: Frame): World {
  const margin = 40 / view.k
  return {
    x0: -view.x / view.k - margin,
    y0: -view.y / view.k - margin,
    x1: (width - view.x) / view.k + margin,
    y1: (height - view.y) / view.k + margin,
  }
}

function inside({ x, y }: PlacedNode, seen: World): boolean {
  return x >= seen.x0 && x <= seen.x1 && y >= seen.y0 && y <= seen.y1
}

function touches({ a, b }: PlacedEdge, seen: World): boolean {
  return !(
    Math.max(a.x, b.x) < seen.x0 ||
    Math.min(a.x, b.x) > seen.x1 ||
    Math.max(a.y, b.y) < seen.y0 ||
    Math.min(a.y, b.y) > seen.y1
  )
}
