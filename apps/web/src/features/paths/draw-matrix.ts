/** The matrix, as far as it is in sight: heads stay where they are, cells scroll under them. */
import type { CellFinder } from './cell-finder.ts'
import { drawCorner } from './draw-corner.ts'
import { drawSign } from './draw-sign.ts'
import { CELL_WITH_VALUE, type MatrixLook, type MatrixSizes } from './matrix-look.ts'
import { bandOf, type Measure, measuredOf, shortValue } from './measure.ts'
import type { Cell, MatrixRow } from './path-shapes.ts'
import { signOf } from './path-words.ts'

/** A row or column that is shown, and its place among all. */
export type Line = { readonly row: MatrixRow; readonly place: number }
/** By the order in which they are shown. */
export type Spot = { readonly row: number; readonly column: number }

export type MatrixFrame = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
  readonly sizes: MatrixSizes
  readonly look: MatrixLook
  readonly rows: readonly Line[]
  readonly columns: readonly Line[]
  readonly find: CellFinder
  readonly measure: Measure
  /** ms on the server's clock */
  readonly now: number
  readonly bySite: boolean
  /** pointed at, or walked to */
  readonly cursor: Spot | null
  /** ids whose reason is open */
  readonly chosen: readonly [string, string] | null
}

export function drawMatrix(c: CanvasRenderingContext2D, frame: MatrixFrame): void {
  const { width, height, sizes, look } = frame
  c.fillStyle = look.surface
  c.fillRect(0, 0, width, height)
  const rows = inSight(frame.top, height - sizes.head, sizes.cell, frame.rows.length)
  const columns = inSight(frame.left, width - sizes.side, sizes.cell, frame.columns.length)
  c.save()
  c.beginPath()
  c.rect(sizes.side, sizes.head, width, height)
  c.clip()
  for (let row = rows.first; row <= rows.last; row++) {
    for (let column = columns.first; column <= columns.last; column++) drawCell(c, frame, { row, column })
  }
  drawSites(c, frame)
  drawMarks(c, frame)
  c.restore()
  drawHeads(c, frame, rows, columns)
}

type Range = { first: number; last: number }

function inSight(from: number, length: number, cell: number, count: number): Range {
  return { first: Math.max(0, Math.floor(from / cell)), last: Math.min(count - 1, Math.floor((from + length) / cell)) }
}

function cornerOf({ sizes, left, top }: MatrixFrame, { row, column }: Spot): [number, number] {
  return [sizes.side + column * sizes.cell - left, sizes.head + row * sizes.cell - top]
}

function drawCell(c: CanvasRenderingContext2D, frame: MatrixFrame, spot: Spot): void {
  const [from, to] = [frame.rows[spot.row], frame.columns[spot.column]]
  if (!from || !to) return
  const { cell: size } = frame.sizes
  const [x, y] = cornerOf(frame, spot)
  const cell = frame.find(from.place, to.place)
  const side = size - 1
  if (!cell) {
    c.fillStyle = frame.look.ground
    c.fillRect(x, y, side, side)
    return
  }
  const value = measuredOf(cell, frame.measure, frame.now)
  const { ground, ink } = inkOf(cell, value, frame)
  c.fillStyle = ground
  c.fillRect(x, y, side, side)
  const isLarge = size >= CELL_WITH_VALUE
  const withValue = isLarge && value !== null
  const sign = signOf(cell)
  drawSign(c, sign, x + side / 2, y + (withValue ? side * 0.33 : side / 2), Math.min(5, size / 5), ink)
  if (withValue) {
    c.font = `11px ${frame.look.font}`
    c.textAlign = 'center'
    c.textBaseline = 'middle'
    c.fillText(shortValue(frame.measure, value), x + side / 2, y + side * 0.74)
  }
  // What does not get there has no way back that would matter.
  if (cell.asymmetric && sign !== 'dead' && sign !== 'none') drawCorner(c, x + side, y, size / 4)
  if (frame.bySite && cell.pairs > 0 && cell.direct > 0) {
    c.fillRect(x + 2, y + side - 3, Math.max(1, (side - 4) * Math.min(1, cell.direct / cell.pairs)), 2)
  }
}

function inkOf(cell: Cell, value: number | null, { look, measure }: MatrixFrame): { ground: string; ink: string } {
  const sign = signOf(cell)
  if (sign === 'dead') return { ground: look.bad, ink: look.surface }
  if (sign === 'one-way') return { ground: look.warn, ink: look.surface }
  const step = value === null || cell.status === 'unknown' ? undefined : look.heat[bandOf(measure, value)]
  return step ?? { ground: look.ground, ink: look.text3 }
}

/** A line wherever the next site begins. */
function drawSites(c: CanvasRenderingContext2D, frame: MatrixFrame): void {
  if (frame.bySite) return
  c.fillStyle = frame.look.text3
  for (const [row, line] of frame.rows.entries()) {
    if (row === 0 || line.row.siteId === frame.rows[row - 1]?.row.siteId) continue
    c.fillRect(0, cornerOf(frame, { row, column: 0 })[1] - 1, frame.width, 1)
  }
  for (const [column, line] of frame.columns.entries()) {
    if (column === 0 || line.row.siteId === frame.columns[column - 1]?.row.siteId) continue
    c.fillRect(cornerOf(frame, { row: 0, column })[0] - 1, 0, 1, frame.height)
  }
}

function drawMarks(c: CanvasRenderingContext2D, frame: MatrixFrame): void {
  const outline = (spot: Spot, colour: string, line: number) => {
    const [x, y] = cornerOf(frame, spot)
    c.strokeStyle = colour
    c.lineWidth = line
    c.strokeRect(x - 0.5, y - 0.5, frame.sizes.cell, frame.sizes.cell)
  }
  const [from, to] = frame.chosen ?? []
  const row = frame.rows.findIndex((line) => line.row.id === from)
  const column = frame.columns.findIndex((line) => line.row.id === to)
  if (row >= 0 && column >= 0) outline({ row, column }, frame.look.accent, 3)
  if (frame.cursor) outline(frame.cursor, frame.look.text, 2)
}

function drawHeads(c: CanvasRenderingContext2D, frame: MatrixFrame, rows: Range, columns: Range): void {
  const { width, height, sizes, look, cursor } = frame
  c.fillStyle = look.surface
  c.fillRect(0, 0, width, sizes.head)
  c.fillRect(0, 0, sizes.side, height)
  c.textBaseline = 'middle'
  c.textAlign = 'left'
  c.save()
  c.beginPath()
  c.rect(0, sizes.head, sizes.side, height)
  c.clip()
  for (let row = rows.first; row <= rows.last; row++) {
    const [, y] = cornerOf(frame, { row, column: 0 })
    drawName(c, frame, frame.rows[row], row === cursor?.row, sizes.side, [8, y + sizes.cell / 2])
  }
  c.restore()
  c.save()
  c.beginPath()
  c.rect(sizes.side, 0, width, sizes.head)
  c.clip()
  for (let column = columns.first; column <= columns.last; column++) {
    const [x] = cornerOf(frame, { row: 0, column })
    c.save()
    c.translate(x + sizes.cell / 2, sizes.head - 6)
    c.rotate(-Math.PI / 2)
    drawName(c, frame, frame.columns[column], column === cursor?.column, sizes.head, [0, 0])
    c.restore()
  }
  c.restore()
  c.fillStyle = look.lineStrong
  c.fillRect(0, sizes.head - 1, width, 1)
  c.fillRect(sizes.side - 1, 0, 1, height)
}

function drawName(
  c: CanvasRenderingContext2D,
  { look, bySite }: MatrixFrame,
  line: Line | undefined,
  isLit: boolean,
  room: number,
  [x, y]: readonly [number, number],
): void {
  if (!line) return
  c.font = `${isLit || line.row.role === 'gateway' ? '600 ' : ''}12px ${look.font}`
  c.fillStyle = isLit ? look.text : look.text2
  const name = bySite ? `${line.row.name} (${line.row.nodes})` : line.row.name
  c.fillText(fitted(c, name, room - 14), x, y)
}

const known = new Map<string, string>()

/** What tells `frankfurt-worker-1` from `frankfurt-worker-2` stands at the end. */
const TAIL = 5

/** Cut in the middle so that it fits, with a sign that it was; measured once for each name, face and room. */
function fitted(c: CanvasRenderingContext2D, name: string, room: number): string {
  const key = `${name} ${room} ${c.font}`
  const before = known.get(key)
  if (before !== undefined) return before
  let text = name
  for (let head = name.length - TAIL - 1; head > 0 && c.measureText(text).width > room; head--) {
    text = `${name.slice(0, head)}…${name.slice(-TAIL)}`
  }
  if (known.size > 5_000) known.clear()
  known.set(key, text)
  return text
}
