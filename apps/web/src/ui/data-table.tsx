'use client'

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import Link from 'next/link'
import { createParser, useQueryState } from 'nuqs'
import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef } from 'react'
import { useCommands } from './commands.tsx'
import classes from './data-table.module.css'
import { type Sort, sortRows } from './sort-rows.ts'

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** given: the column sorts by it. null goes last, in either direction */
  sortBy?: (row: Row) => string | number | null | undefined
  /** px at least; `grow` shares out what is left */
  width: number
  grow?: number
  align?: 'end'
  /** shown when the table is at least this wide; always when left out */
  from?: 480 | 640 | 800 | 960 | 1120
}

type Selection = { selected: ReadonlySet<string>; onChange: (selected: Set<string>) => void }

type Props<Row> = {
  label: string
  rows: readonly Row[]
  rowId: (row: Row) => string
  columns: readonly Column<Row>[]
  /** the whole row leads there; the first column holds the link */
  rowHref?: (row: Row) => string
  /** what the checkbox of a row is called */
  rowName?: (row: Row) => string
  selection?: Selection
  /** as in the URL: 'name', '-lastSeen'. Left out: the order of `rows` */
  defaultSort?: string
  /** when a page has two tables: the name of this one's sort in the URL */
  sortKey?: string
  rowHeight?: number
  /** instead of rows when there are none: after a filter, say so */
  empty?: ReactNode
  /** the last row came into sight: fetch more */
  onEnd?: () => void
  /** j and k walk the rows from wherever the focus is, x selects: for the one table of a page */
  rowKeys?: boolean
}

/** Spoken out: a table laid out as flex loses its own roles in some browsers. */
const roles = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
}

/** Rows as they come on the server, before the browser has measured anything. */
const FIRST_RECT = { width: 1200, height: 900 }

/** A table of any length: only the rows in sight exist. Sorted by its heads, the order kept in the URL. */
export function DataTable<Row>(props: Props<Row>) {
  const { rows, columns, rowId, selection, rowHeight = 40 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [sort, setSort] = useSort(props.sortKey ?? 'sort', props.defaultSort)

  const sorted = useMemo(() => {
    const sortBy = columns.find((column) => column.id === sort?.id)?.sortBy
    return sort && sortBy ? sortRows(rows, sortBy, sort.desc) : rows
  }, [rows, columns, sort])
  const idAt = (index: number) => {
    const row = sorted[index]
    return row === undefined ? null : rowId(row)
  }

  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => idAt(index) ?? index,
    overscan: 12,
    initialRect: FIRST_RECT,
    onChange: (instance) => {
      if (props.onEnd && (instance.range?.endIndex ?? 0) >= sorted.length - 10) props.onEnd()
    },
  })

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(sorted.length - 1, index))
    virtualizer.scrollToIndex(next)
    const focus = () => {
      const link = scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)
      link?.focus()
      return link
    }
    // At once where it can be: the next key may come before the next frame. A row out of sight exists only after it.
    if (!focus()) requestAnimationFrame(focus)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const index = rowIndexOf(event.target)
    if (!step || index === null) return
    event.preventDefault()
    focusRow(index + step)
  }
  const walk = (step: number) => {
    const index = scroller.current?.contains(document.activeElement) ? rowIndexOf(document.activeElement) : null
    focusRow(index === null ? (virtualizer.range?.startIndex ?? 0) : index + step)
  }
  const toggleFocused = () => {
    const id = idAt(rowIndexOf(document.activeElement) ?? -1)
    if (id && selection) selection.onChange(toggled(selection.selected, id))
  }
  useCommands(
    props.rowKeys
      ? [
          { id: 'next-row', label: 'Next row', group: props.label, keys: 'j', run: () => walk(1) },
          { id: 'previous-row', label: 'Previous row', group: props.label, keys: 'k', run: () => walk(-1) },
          ...(selection
            ? [{ id: 'select-row', label: 'Select the row', group: props.label, keys: 'x', run: toggleFocused }]
            : []),
        ]
      : [],
  )

  const all = selection !== undefined && sorted.length > 0 && sorted.every((row) => selection.selected.has(rowId(row)))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section ref={scroller} className={classes.scroller} tabIndex={0} aria-label={props.label}>
      <table className={classes.table} aria-rowcount={sorted.length + 1} {...roles.table} aria-label={props.label}>
        <thead className={classes.head} {...roles.rowgroup}>
          <tr className={classes.headRow} aria-rowindex={1} {...roles.row}>
            {selection && (
              <th className={classes.check} {...roles.columnheader} aria-label="Selected">
                <input
                  type="checkbox"
                  aria-label="Select all rows"
                  checked={all}
                  ref={(box) => {
                    if (box) box.indeterminate = !all && selection.selected.size > 0
                  }}
                  onChange={() => selection.onChange(new Set(all ? [] : sorted.map(rowId)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody
          className={classes.body}
          {...roles.rowgroup}
          style={{ height: virtualizer.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const row = sorted[item.index]
            if (row === undefined) return null
            const id = rowId(row)
            return (
              <MemoRow
                key={id}
                row={row}
                id={id}
                index={item.index}
                start={item.start}
                height={rowHeight}
                columns={columns as readonly Column<unknown>[]}
                rowHref={props.rowHref as ((row: unknown) => string) | undefined}
                rowName={props.rowName as ((row: unknown) => string) | undefined}
                selected={selection?.selected.has(id)}
                selection={selection}
              />
            )
          })}
        </tbody>
      </table>
      {sorted.length === 0 && props.empty}
    </section>
  )
}

type HeadProps<Row> = { column: Column<Row>; sort: Sort | null; onSort: (sort: string) => void }

function HeadCell<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const sorted = sort?.id === column.id ? sort : null
  const order = sorted ? (sorted.desc ? 'descending' : 'ascending') : 'none'
  return (
    <th
      {...cellProps(column)}
      className={`${classes.cell} ${classes.headCell}`}
      {...roles.columnheader}
      aria-sort={column.sortBy ? order : undefined}
      scope="col"
    >
      {column.sortBy ? (
        <button
          type="button"
          className={classes.sort}
          onClick={() => onSort(sorted && !sorted.desc ? `-${column.id}` : column.id)}
        >
          {column.header}
          {sorted && (sorted.desc ? <IconArrowDown size={12} aria-hidden /> : <IconArrowUp size={12} aria-hidden />)}
        </button>
      ) : (
        column.header
      )}
    </th>
  )
}

type RowProps = {
  row: unknown
  id: string
  index: number
  start: number
  height: number
  columns: readonly Column<unknown>[]
  rowHref: ((row: unknown) => string) | undefined
  rowName: ((row: unknown) => string) | undefined
  selected: boolean | undefined
  selection: Selection | undefined
}

function TableRow({ row, id, index, start, height, columns, rowHref, rowName, selected, selection }: RowProps) {
  const toggle = () => selection?.onChange(toggled(selection.selected, id))
  return (
    <tr
      className={classes.row}
      {...roles.row}
      aria-rowindex={index + 2}
      aria-selected={selection ? selected : undefined}
      data-index={index}
      data-link={rowHref ? true : undefined}
      style={{ height, transform: `translateY(${start}px)` }}
    >
      {selection && (
        <td className={classes.check} {...roles.cell}>
          <input
            type="checkbox"
            aria-label={`Select ${rowName?.(row) ?? id}`}
            checked={selected ?? false}
            onChange={toggle}
          />
        </td>
      )}
      {columns.map((column, position) => (
        <td key={column.id} {...cellProps(column)} {...roles.cell}>
          {position === 0 && rowHref ? (
            <Link href={rowHref(row)} className={classes.link} prefetch={false}>
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  )
}

/** A refetch keeps the rows that did not change, so they are not drawn again. */
const MemoRow = memo(
  TableRow,
  (a, b) =>
    a.row === b.row &&
    a.index === b.index &&
    a.start === b.start &&
    a.columns === b.columns &&
    a.selected === b.selected &&
    a.selection === b.selection,
)

function cellProps<Row>(column: Column<Row>) {
  return {
    className: classes.cell,
    'data-align': column.align,
    'data-from': column.from,
    style: { flex: `${column.grow ?? 0} 0 ${column.width}px`, minWidth: column.width },
  }
}

function rowIndexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
  return row ? Number(row.dataset.index) : null
}

function toggled(selected: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(selected)
  if (!next.delete(id)) next.add(id)
  return next
}

const sortParser = createParser({
  parse: (text) => (/^-?[\w]+$/.test(text) ? text : null),
  serialize: (text: string) => text,
})

function useSort(key: string, fallback: string | undefined): [Sort | null, (sort: string) => void] {
  const [chosen, setChosen] = useQueryState(key, sortParser)
  const current = chosen ?? fallback
  const sort = useMemo(
    () => (current ? { id: current.replace(/^-/, ''), desc: current.startsWith('-') } : null),
    [current],
  )
  return [sort, (next) => void setChosen(next === fallback ? null : next)]
}
