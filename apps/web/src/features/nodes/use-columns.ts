'use client'

import { parseAsArrayOf, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import type { Column } from '~/ui/data-table.tsx'
import { DEFAULT_COLUMNS, nodeColumns } from './node-columns.tsx'
import type { NodeRow } from './node-row.ts'

const parser = parseAsArrayOf(parseAsStringLiteral(nodeColumns.map((column) => column.id)))

/** Which columns stand in the table, in the URL when they are not the usual ones. Chosen by hand, a column is shown however narrow the page. */
export function useColumns() {
  const [chosen, setChosen] = useQueryState('columns', parser)
  const shown = chosen ?? DEFAULT_COLUMNS
  const key = shown.join()
  const columns: Column<NodeRow>[] = useMemo(() => {
    const ids = key.split(',')
    return nodeColumns.filter((column) => column.id === 'name' || ids.includes(column.id))
  }, [key])
  const toggle = (id: string) => {
    const next = shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id]
    const isUsual = next.length === DEFAULT_COLUMNS.length && DEFAULT_COLUMNS.every((other) => next.includes(other))
    void setChosen(isUsual ? null : next)
  }
  return { columns, shown, toggle, reset: () => void setChosen(null), isUsual: chosen === null }
}
