'use client'

import { CloseButton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { count } from '~/ui/units.ts'
import { type BulkKind, whyNoneCan } from './bulk.ts'
import classes from './bulk-bar.module.css'
import type { NodeRow } from './node-row.ts'

// They open on a click: their scripts come with it.
const CutDialog = dynamic(() => import('./cut-dialog.tsx').then((module) => module.CutDialog), { ssr: false })
const MoveDialog = dynamic(() => import('./move-dialog.tsx').then((module) => module.MoveDialog), { ssr: false })
const RelabelDialog = dynamic(() => import('./relabel-dialog.tsx').then((module) => module.RelabelDialog), {
  ssr: false,
})

type Props = { network: string; nodes: readonly NodeRow[]; onClear: () => void }

/** What can be done to all that are selected. */
export function BulkBar({ network, nodes, onClear }: Props) {
  const whyNot = useWhyNot('operator')
  // The dialog works on those that were selected when it opened, whatever arrives meanwhile.
  const [open, setOpen] = useState<{ kind: BulkKind; nodes: readonly NodeRow[] } | null>(null)
  const close = () => setOpen(null)
  const done = () => {
    close()
    onClear()
  }
  const button = (kind: BulkKind, label: string) => (
    <ActionButton
      variant="default"
      size="xs"
      why={whyNot ?? whyNoneCan(kind, nodes)}
      onClick={() => setOpen({ kind, nodes })}
    >
      {label}
    </ActionButton>
  )
  return (
    <>
      {nodes.length > 0 && (
        <section className={classes.bar} aria-label="The selected nodes">
          <output className={classes.count}>{count(nodes.length, 'node')} selected</output>
          {button('relabel', 'Relabel')}
          {button('site', 'Move to site')}
          {button('pause', 'Pause')}
          {button('remove', 'Remove')}
          <CloseButton size="sm" aria-label="Select none" onClick={onClear} />
        </section>
      )}
      {open?.kind === 'relabel' && <RelabelDialog nodes={open.nodes} onClose={close} onDone={done} />}
      {open?.kind === 'site' && <MoveDialog network={network} nodes={open.nodes} onClose={close} onDone={done} />}
      {(open?.kind === 'pause' || open?.kind === 'remove') && (
        <CutDialog kind={open.kind} nodes={open.nodes} onClose={close} onDone={done} />
      )}
    </>
  )
}
