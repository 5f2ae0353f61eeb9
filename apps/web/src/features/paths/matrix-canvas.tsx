'use client'

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import { useColours } from '~/ui/use-colours.ts'
import { usePainter } from '~/ui/use-painter.ts'
import type { CellFinder } from './cell-finder.ts'
import { cellWords, spoken } from './cell-words.ts'
import { drawMatrix, type Line, type Spot } from './draw-matrix.ts'
import { type MatrixSizes, readLook } from './matrix-look.ts'
import type { Measure } from './measure.ts'
import classes from './paths.module.css'
import { STEPS, stepped } from './step.ts'

type Props = {
  rows: readonly Line[]
  columns: readonly Line[]
  find: CellFinder
  sizes: MatrixSizes
  measure: Measure
  bySite: boolean
  chosen: readonly [string, string] | null
  now: () => number
  onPick: (from: Line, to: Line) => void
}

/** All pairs at once. Ninety thousand cells are no elements: what is in sight is drawn, and drawn again when it scrolls. */
export function MatrixCanvas({ rows, columns, find, sizes, measure, bySite, chosen, now, onPick }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const tip = useRef<HTMLDivElement>(null)
  const look = useColours(scroller, readLook)
  const [hovered, setHovered] = useState<Spot | null>(null)
  const [walked, setWalked] = useState<Spot | null>(null)
  const [focused, setFocused] = useState(false)
  const cursor = hovered ?? (focused ? walked : null)

  const repaint = usePainter(canvas, scroller, (context, { width, height }) => {
    const [box, element] = [scroller.current, canvas.current]
    if (!box || !element || !look) return
    // It stays in sight while the sheet around it scrolls.
    element.style.width = `${width}px`
    element.style.height = `${height}px`
    drawMatrix(context, {
      ...{ width, height, left: box.scrollLeft, top: box.scrollTop },
      ...{ sizes, look, rows, columns, find, measure, bySite, cursor, chosen },
      now: now(),
    })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these changes what is drawn
  useEffect(repaint, [rows, columns, find, sizes, measure, bySite, chosen, cursor, look, repaint])

  const lineOf = ({ row, column }: Spot) => {
    const [from, to] = [rows[row], columns[column]]
    return from && to ? { from, to, cell: find(from.place, to.place) } : null
  }
  const pick = (spot: Spot) => {
    const at = lineOf(spot)
    if (at?.cell) onPick(at.from, at.to)
  }
  const under = (event: { clientX: number; clientY: number }): Spot | null => {
    const [box, frame] = [scroller.current, scroller.current?.getBoundingClientRect()]
    if (!box || !frame) return null
    const [x, y] = [event.clientX - frame.left - sizes.side, event.clientY - frame.top - sizes.head]
    if (x < 0 || y < 0) return null
    const [column, row] = [x + box.scrollLeft, y + box.scrollTop].map((at) => Math.floor(at / sizes.cell)) as [
      number,
      number,
    ]
    return row < rows.length && column < columns.length ? { row, column } : null
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (walked) pick(walked)
      return
    }
    if (!(event.key in STEPS)) return
    event.preventDefault()
    event.stopPropagation()
    const next = stepped(walked, event.key, rows.length, columns.length)
    setHovered(null)
    setWalked(next)
    if (scroller.current) reveal(scroller.current, next, sizes)
  }
  const at = cursor && lineOf(cursor)
  const words = at && cellWords(at.from.row, at.to.row, at.cell, measure, now())

  const [wide, high] = [sizes.side + columns.length * sizes.cell + 1, sizes.head + rows.length * sizes.cell + 1]

  return (
    <div className={classes.matrix} style={{ minHeight: `min(var(--least), ${high + 2}px)` }}>
      <div
        ref={scroller}
        className={classes.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the matrix is walked by keys
        tabIndex={0}
        role="application"
        aria-label={`Matrix of ${count(rows.length, bySite ? 'site' : 'node')}`}
        aria-describedby="matrix-keys"
        onScroll={() => {
          setHovered(null)
          repaint()
        }}
        onKeyDown={onKeyDown}
        onFocus={() => {
          setFocused(true)
          setWalked((before) => before ?? { row: 0, column: Math.min(1, columns.length - 1) })
        }}
        onBlur={() => setFocused(false)}
        onPointerMove={(event) => {
          if (event.pointerType === 'touch') return
          const spot = under(event)
          if (tip.current) moveTip(tip.current, event)
          setHovered((before) => (before?.row === spot?.row && before?.column === spot?.column ? before : spot))
        }}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => {
          const spot = under(event)
          if (!spot) return
          setWalked(spot)
          pick(spot)
        }}
      >
        <div className={classes.sheet} style={{ width: wide, height: high }}>
          <canvas ref={canvas} className={classes.canvas} aria-hidden />
        </div>
      </div>
      <div ref={tip} className={classes.tip} hidden={hovered === null} aria-hidden>
        {words && (
          <>
            <b>{words.title}</b>
            {words.lines.map(({ status, text }) => (
              <span key={text}>
                {status && <StatusMark status={status} />}
                {text}
              </span>
            ))}
          </>
        )}
      </div>
      <p id="matrix-keys" className={classes.unseen}>
        Arrow keys walk from cell to cell, Page up and Page down by ten rows, Home and End along a row; Enter tells why
        the path is as it is. “Show as table” reads the same.
      </p>
      <p className={classes.unseen} aria-live="polite">
        {focused && hovered === null && words && spoken(words)}
      </p>
    </div>
  )
}

/** Beside the pointer, on the side where there is room; on the screen, so that nothing cuts it off. */
function moveTip(tip: HTMLElement, { clientX: x, clientY: y }: PointerEvent): void {
  const [left, top] = [x > window.innerWidth - 320 ? x - 300 : x + 14, y > window.innerHeight - 140 ? y - 96 : y + 14]
  tip.style.transform = `translate(${left}px, ${top}px)`
}

function reveal(box: HTMLElement, { row, column }: Spot, { cell, side, head }: MatrixSizes): void {
  const [x, y] = [column * cell, row * cell]
  const [wide, high] = [box.clientWidth - side, box.clientHeight - head]
  if (x < box.scrollLeft) box.scrollLeft = x
  else if (x + cell > box.scrollLeft + wide) box.scrollLeft = x + cell - wide
  if (y < box.scrollTop) box.scrollTop = y
  else if (y + cell > box.scrollTop + high) box.scrollTop = y + cell - high
}
