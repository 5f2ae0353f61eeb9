'use client'

import { useMediaQuery } from '@mantine/hooks'
import { ITSELF } from '@spanwire/mesh/policy/reach-matrix'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import classes from './reach-grid.module.css'
import { type Block, useReachCells } from './use-reach-cells.ts'

/** A group of the table, and its place among all of them. */
export type ReachRow = { readonly name: string; readonly title: string; readonly place: number }

type Props = {
  rows: readonly ReachRow[]
  columns: readonly ReachRow[]
  /** what the cells are asked of */
  block: Block
  onAsk: (from: number, to: number, services: string) => void
}

const HEAD = 48
const HEIGHT = 44
const WIDE = { side: 176, column: 128 }
const NARROW = { side: 112, column: 100 }

/** Rows and columns as far as they are in sight: a thousand machines are a million cells. */
export function ReachGrid({ rows, columns, block, onAsk }: Props) {
  const { side, column: width } = useMediaQuery('(max-width: 599px)') ? NARROW : WIDE
  const scroller = useRef<HTMLDivElement>(null)
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => width,
    paddingStart: side,
    scrollPaddingStart: side,
    overscan: 2,
  })
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    paddingStart: HEAD,
    scrollPaddingStart: HEAD,
    overscan: 4,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width of the columns is another table
  useLayoutEffect(() => across.measure(), [across, width])
  const [seenRows, seenColumns] = [down.getVirtualItems(), across.getVirtualItems()]
  const cellAt = useReachCells(
    block,
    seenRows.map(({ index }) => rows[index]?.place ?? 0),
    seenColumns.map(({ index }) => columns[index]?.place ?? 0),
    !(down.isScrolling || across.isScrolling),
  )

  // One cell is on the way of Tab, and arrows lead from there: thousands of stops are a wall.
  const [last, setLast] = useState({ row: 0, column: 0 })
  const stop = {
    row: nearest(seenRows, last.row),
    column: nearest(seenColumns, last.column),
  }
  const wanted = useRef<string | null>(null)
  useLayoutEffect(() => {
    const cell = wanted.current && scroller.current?.querySelector<HTMLElement>(`[data-cell="${wanted.current}"]`)
    if (!cell) return
    wanted.current = null
    cell.focus({ preventScroll: true })
  })
  const walk = (event: KeyboardEvent<HTMLElement>, row: number, column: number) => {
    const step = STEPS[event.key]
    if (!step) return
    const next = {
      row: Math.min(Math.max(row + step[0], 0), rows.length - 1),
      column: Math.min(Math.max(column + step[1], 0), columns.length - 1),
    }
    event.preventDefault()
    wanted.current = `${next.row} ${next.column}`
    down.scrollToIndex(next.row)
    across.scrollToIndex(next.column)
    setLast(next)
  }

  return (
    <div ref={scroller} className={classes.grid}>
      <table
        className={classes.sheet}
        style={{ width: across.getTotalSize(), height: down.getTotalSize() }}
        aria-label="Who reaches what"
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        {...roles.table}
      >
        <thead className={classes.head} style={{ height: HEAD }} {...roles.group}>
          <tr aria-rowindex={1} {...roles.row}>
            <td className={classes.corner} style={{ width: side, height: HEAD }} aria-colindex={1} {...roles.cell}>
              from ↓ to →
            </td>
            {seenColumns.map(({ index, start }) => (
              <th
                key={index}
                className={classes.name}
                style={{ left: start, width, height: HEAD }}
                title={columns[index]?.title}
                aria-colindex={index + 2}
                {...roles.columnHeader}
              >
                <span>{columns[index]?.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...roles.group}>
          {seenRows.map(({ index: row, start }) => (
            <tr
              key={row}
              className={classes.row}
              style={{ top: start, height: HEIGHT }}
              aria-rowindex={row + 2}
              {...roles.row}
            >
              <th
                className={classes.side}
                style={{ width: side, height: HEIGHT }}
                title={rows[row]?.title}
                aria-colindex={1}
                {...roles.rowHeader}
              >
                <span>{rows[row]?.name}</span>
              </th>
              {seenColumns.map(({ index: column, start: left }) => {
                const [from, to] = [rows[row], columns[column]]
                const services = from && to ? cellAt(from.place, to.place) : null
                return (
                  <td
                    key={column}
                    className={classes.cell}
                    style={{ left, width, height: HEIGHT }}
                    data-reach={kindOf(services)}
                    aria-colindex={column + 2}
                    {...roles.cell}
                  >
                    <button
                      type="button"
                      data-cell={`${row} ${column}`}
                      tabIndex={row === stop.row && column === stop.column ? 0 : -1}
                      title={services ?? undefined}
                      aria-label={`${from?.name} to ${to?.name}: ${services ?? 'not known yet'}`}
                      onFocus={() => setLast({ row, column })}
                      onKeyDown={(event) => walk(event, row, column)}
                      onClick={() => from && to && onAsk(from.place, to.place, services ?? '')}
                    >
                      <span>{services ?? '…'}</span>
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

// Cells are placed by hand, and what is no table to the style sheet is none to a screen reader unless it is said.
const roles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  columnHeader: { role: 'columnheader' },
  rowHeader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const

function kindOf(services: string | null): 'everything' | 'some' | 'nothing' {
  if (services === null || services === 'nothing' || services === ITSELF) return 'nothing'
  return services.startsWith('everything') ? 'everything' : 'some'
}

/** What Tab leads to is always there: where its cell is out of sight, the nearest one. */
function nearest(seen: readonly { readonly index: number }[], wanted: number): number {
  const [first, last] = [seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0]
  return Math.min(Math.max(wanted, first), last)
}

const FAR = 10
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-FAR, 0],
  PageDown: [FAR, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
}
