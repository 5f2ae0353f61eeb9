'use client'

import { Button, Menu } from '@mantine/core'
import { IconCheck, IconColumns3 } from '@tabler/icons-react'
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

export function ColumnMenu({ state }: { state: ReturnType<typeof useColumns> }) {
  return (
    <Menu position="bottom-end" closeOnItemClick={false} width={184}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} stroke={1.6} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {nodeColumns
          .filter((column) => column.id !== 'name')
          .map((column) => {
            const on = state.shown.includes(column.id)
            return (
              <Menu.Item
                key={column.id}
                role="menuitemcheckbox"
                aria-checked={on}
                onClick={() => state.toggle(column.id)}
                leftSection={<IconCheck size={14} aria-hidden style={{ visibility: on ? 'visible' : 'hidden' }} />}
              >
                {column.header}
              </Menu.Item>
            )
          })}
        {!state.isUsual && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={state.reset}>Show the usual ones</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
