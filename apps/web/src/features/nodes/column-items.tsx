import { Menu } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import classes from './column-menu.module.css'
import { nodeColumns } from './node-columns.tsx'
import type { useColumns } from './use-columns.ts'

/** What opens under "Columns". It exists while it is open. */
export function ColumnItems({ state, onClose }: { state: ReturnType<typeof useColumns>; onClose: () => void }) {
  return (
    <Menu
      opened
      onChange={(open) => !open && onClose()}
      position="bottom-end"
      width={184}
      withinPortal={false}
      closeOnItemClick={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <span className={classes.corner} />
      </Menu.Target>
      <Menu.Dropdown aria-label="Columns" aria-labelledby={undefined}>
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
