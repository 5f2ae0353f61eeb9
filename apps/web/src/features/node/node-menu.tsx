import { Button } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import classes from './node-actions.module.css'
import type { MenuItem } from './node-menu-items.tsx'

const load = () => import('./node-menu-items.tsx').then((module) => module.NodeMenuItems)
const NodeMenuItems = dynamic(load, { ssr: false })

/** What is done to a node seldom. */
export function NodeMenu({ items }: { items: readonly MenuItem[] }) {
  const [opened, setOpened] = useState(false)
  return (
    <div className={classes.anchor}>
      <Button
        variant="default"
        px="xs"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={opened}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setOpened(!opened)}
      >
        <IconDots size={16} aria-hidden />
      </Button>
      {opened && <NodeMenuItems items={items} onClose={() => setOpened(false)} />}
    </div>
  )
}
