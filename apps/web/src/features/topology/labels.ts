import type { Frame } from './frame.ts'

export interface Label {
  text: string
  x: number
  /** its upper edge */
  y: number
  /** the higher goes first; from 100 on it is drawn even where there is no room */
  weight: number
  size: number
  bold?: boolean
  colour: string
  alpha?: number
  /** a second, fainter word after it */
  after?: string
  /** a mark before it */
  mark?: 'warn'
  /** on a strip of the ground, so that the line below it stops */
  strip?: boolean
}

const ROW = 16
const GAP = 5

/** Words where there is room, the weightiest first. */
export function drawLabels(context: CanvasRenderingContext2D, frame: Frame, labels: Label[]): void {
  const rows = new Map<number, { x0: number; x1: number }[]>()
  context.textBaseline = 'top'
  context.textAlign = 'left'
  context.lineJoin = 'round'
  for (const label of labels.sort((a, b) => b.weight - a.weight)) {
    const font = `${label.bold ? 500 : 400} ${label.size}px ${frame.palette.font}`
    const [width, more] = [
      widthOf(context, font, label.text),
      label.after ? widthOf(context, font, label.after) + GAP : 0,
    ]
    const marked = label.mark ? 13 : 0
    const x0 = Math.round(label.x - (width + more + marked) / 2)
    const box = { x0: x0 - 3, x1: x0 + width + more + marked + 3 }
    const taken = [Math.floor(label.y / ROW), Math.floor((label.y + label.size) / ROW)]
    const clear = taken.every((row) => rows.get(row)?.every((other) => box.x1 < other.x0 || box.x0 > other.x1) ?? true)
    if (!clear && label.weight < 100) continue
    for (const row of taken) {
      const list = rows.get(row)
      if (list) list.push(box)
      else rows.set(row, [box])
    }
    drawLabel(context, frame, label, { font, x: x0 + marked, y: Math.round(label.y), width, more })
  }
  context.globalAlpha = 1
}

type Placed = { font: string; x: number; y: number; width: number; more: number }

function drawLabel(context: CanvasRenderingContext2D, frame: Frame, label: Label, at: Placed): void {
  const { palette } = frame
  context.globalAlpha = label.alpha ?? 1
  context.font = at.font
  if (label.strip) {
    context.fillStyle = palette.surface
    context.fillRect(at.x - 4, at.y - 2, at.width + at.more + 8, label.size + 4)
  } else {
    context.lineWidth = 3.5
    context.strokeStyle = palette.surface
    context.strokeText(label.text, at.x, at.y)
    if (label.after) context.strokeText(label.after, at.x + at.width + GAP, at.y)
  }
  if (label.mark) {
    context.fillStyle = palette.status.warn
    context.beginPath()
    const [mx, my] = [at.x - 8, at.y + label.size / 2]
    context.moveTo(mx, my - 5)
    context.lineTo(mx + 5, my + 4)
    context.lineTo(mx - 5, my + 4)
    context.fill()
  }
  context.fillStyle = label.colour
  context.fillText(label.text, at.x, at.y)
  if (!label.after) return
  context.fillStyle = palette.text3
  context.fillText(label.after, at.x + at.width + GAP, at.y)
}

const widths = new Map<string, number>()

/** Measuring text costs more than drawing it. */
function widthOf(context: CanvasRenderingContext2D, font: string, text: string): number {
  const key = `${font} ${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (widths.size > 20_000) widths.clear()
  context.font = font
  const { width } = context.measureText(text)
  widths.set(key, width)
  return width
}
