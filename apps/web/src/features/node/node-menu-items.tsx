import { Menu } from '@mantine/core'
import classes from './node-actions.module.css'

export type MenuItem = { label: string; why: string | null; act: () => void; danger?: boolean }

/** What opens under the dots. An item that cannot be done stays reachable, with its reason in sight: a menu has no room for a tip. */
export function NodeMenuItems({ items, onClose }: { items: readonly MenuItem[]; onClose: () => void }) {
  return (
    <Menu
      opened
      onChange={(open) => !open && onClose()}
      position="bottom-end"
      width={280}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <span className={classes.corner} />
      </Menu.Target>
      <Menu.Dropdown aria-label="More actions" aria-labelledby={undefined}>
        {items.map(({ label, why, act, danger }) => (
          <Menu.Item
            key={label}
            color={danger && !why ? 'bad' : undefined}
            aria-disabled={why !== null || undefined}
            closeMenuOnClick={why === null}
            onClick={why === null ? act : undefined}
            className={why ? classes.off : undefined}
          >
            {label}
            {why && <span className={classes.why}>{why}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
