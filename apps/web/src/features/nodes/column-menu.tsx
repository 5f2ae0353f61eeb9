import { Button } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import classes from './column-menu.module.css'
import type { useColumns } from './use-columns.ts'

const load = () => import('./column-items.tsx').then((module) => module.ColumnItems)
const ColumnItems = dynamic(load, { ssr: false })

/** Which columns stand in the table. */
export function ColumnMenu({ state }: { state: ReturnType<typeof useColumns> }) {
  const [opened, setOpened] = useState(false)
  return (
    <div className={classes.anchor}>
      <Button
        variant="default"
        leftSection={<IconColumns3 size={16} stroke={1.6} aria-hidden />}
        aria-haspopup="menu"
        aria-expanded={opened}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setOpened(!opened)}
      >
        Columns
      </Button>
      {opened && <ColumnItems state={state} onClose={() => setOpened(false)} />}
    </div>
  )
}
