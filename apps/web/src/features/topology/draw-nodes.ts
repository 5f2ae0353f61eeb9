import type { Frame, Palette } from './frame.ts'
import type { Fact } from './graph.ts'
import type { PlacedNode } from './scene.ts'

/** Labels of all nodes from this zoom on; below it only gateways, trouble and what is pointed at, where there is room. */
const LABEL_ZOOM = 1.1

export function drawNode(context: CanvasRenderingContext2D, frame: Frame, placed: PlacedNode): void {
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

export function drawLabels(context: CanvasRenderingContext2D, frame: Frame, nodes: PlacedNode[]): void {
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
