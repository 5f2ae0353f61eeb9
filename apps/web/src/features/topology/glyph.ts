import { type FactName, type GraphNode, type Status, worstStatus } from './graph.ts'
import type { Palette } from './palette.ts'

/** How a node looks at some size: a hexagon for a gateway, a circle for a member, an arc around it for each fact. */

/** Under this radius a glyph is a dot, and trouble a mark that is larger than a dot. */
const DOT_BELOW = 5

/** What both the page's canvas and one off the screen can do. */
export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export interface Glyph {
  key: string
  /** px from its middle to its end */
  reach: number
  paint(context: Pen): void
}

export function glyphOf(node: GraphNode, facts: readonly FactName[], radius: number, palette: Palette): Glyph {
  const r = Math.round(radius * 4) / 4
  if (r < DOT_BELOW && node.role !== 'gateway') return dot(worstStatus(node), Math.max(2, r), palette)
  const size = node.role === 'gateway' ? Math.max(7, r) : r
  const statuses = node.state === 'invited' ? [] : facts.map((name) => node.facts[name].status)
  return {
    key: `${node.role} ${node.state} ${statuses.join(' ')} ${size}`,
    reach: size + arcGap(size) + 3,
    paint: (context) => {
      paintBody(context, node, size, palette)
      paintFacts(context, statuses, size, palette)
    },
  }
}

const arcGap = (radius: number) => Math.max(2, radius * 0.25)

function paintBody(context: Pen, node: GraphNode, radius: number, palette: Palette): void {
  const gateway = node.role === 'gateway'
  const invited = node.state === 'invited'
  outlinePath(context, gateway, gateway ? radius : radius * 0.78)
  context.fillStyle = invited ? palette.surface : gateway ? palette.text : palette.body
  context.fill()
  if (invited) {
    context.setLineDash([2.5, 2.5])
    context.lineWidth = 1.2
    context.strokeStyle = palette.text3
    context.stroke()
    context.setLineDash([])
  }
  const ink = gateway ? palette.surface : palette.text2
  if (node.state === 'paused') paintPause(context, radius, ink)
  else if (node.state === 'quarantined') paintWord(context, '!', radius, palette.status.bad, palette.font)
}

/** A pointed-top hexagon, or a circle. */
export function outlinePath(context: Pen, gateway: boolean, radius: number): void {
  context.beginPath()
  if (!gateway) {
    context.arc(0, 0, radius, 0, Math.PI * 2)
    return
  }
  for (let corner = 0; corner < 6; corner++) {
    const angle = (Math.PI / 3) * corner - Math.PI / 2
    context.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius)
  }
  context.closePath()
}

/** Arcs from the top, clockwise. What is not good is also broken: two pieces for a warning, a short thick one for bad, dots unknown. */
function paintFacts(context: Pen, statuses: Status[], radius: number, palette: Palette): void {
  const share = (Math.PI * 2) / Math.max(1, statuses.length)
  const at = radius + arcGap(radius)
  const pen = Math.max(1.6, radius * 0.22)
  context.lineCap = 'butt'
  for (const [index, status] of statuses.entries()) {
    if (status === 'none') continue
    const from = -Math.PI / 2 + index * share + 0.16
    const length = share - 0.32
    context.strokeStyle = palette.status[status]
    context.lineWidth = status === 'bad' ? pen * 1.7 : pen
    const pieces = {
      good: [[0, 1]],
      warn: [
        [0, 0.42],
        [0.58, 1],
      ],
      bad: [[0.22, 0.78]],
      unknown: [
        [0, 0.16],
        [0.28, 0.44],
        [0.56, 0.72],
        [0.84, 1],
      ],
    }
    for (const [start = 0, end = 1] of pieces[status]) {
      context.beginPath()
      context.arc(0, 0, at, from + start * length, from + end * length)
      context.stroke()
    }
  }
}

function dot(status: Status, radius: number, palette: Palette): Glyph {
  const troubled = status === 'bad' || status === 'warn'
  const size = troubled ? Math.max(4, radius * 1.15) : radius
  return {
    key: `dot ${status} ${size}`,
    reach: size + 2,
    paint: (context) => {
      if (status === 'bad') {
        context.fillStyle = palette.status.bad
        context.fillRect(-size, -size, 2 * size, 2 * size)
      } else if (status === 'warn') {
        context.fillStyle = palette.status.warn
        context.beginPath()
        context.moveTo(0, -size * 1.15)
        context.lineTo(size * 1.15, size * 0.9)
        context.lineTo(-size * 1.15, size * 0.9)
        context.fill()
      } else {
        context.beginPath()
        context.arc(0, 0, size, 0, Math.PI * 2)
        context.fillStyle = status === 'good' ? palette.status.good : palette.surface
        context.fill()
        if (status === 'good') return
        context.lineWidth = 1.2
        context.strokeStyle = palette.status.unknown
        context.stroke()
      }
    },
  }
}

function paintPause(context: Pen, radius: number, ink: string): void {
  context.fillStyle = ink
  const [width, height] = [radius * 0.22, radius * 0.9]
  for (const x of [-radius * 0.34, radius * 0.12]) context.fillRect(x, -height / 2, width, height)
}

function paintWord(context: Pen, word: string, radius: number, ink: string, font: string): void {
  context.fillStyle = ink
  context.font = `700 ${radius * 1.3}px ${font}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(word, 0, radius * 0.08)
}
