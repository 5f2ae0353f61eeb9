'use client'

import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { paths } from '~/ui/paths.ts'
import { EditDialog } from './edit-dialog.tsx'
import classes from './node-actions.module.css'
import type { NodeDetail } from './node-detail.ts'
import { PauseDialog } from './pause-dialog.tsx'
import { ReleaseDialog } from './release-dialog.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { useNodeActions } from './use-node-actions.ts'

type Dialog = 'edit' | 'pause' | 'release' | 'remove'

/** What can be done to the node; what cannot says why. */
export function NodeActions({ node }: { node: NodeDetail }) {
  const router = useRouter()
  const actions = useNodeActions(node)
  const [open, setOpen] = useState<Dialog | null>(null)
  const close = () => setOpen(null)
  const edit = () => actions.why('edit') === null && setOpen('edit')
  const newLine = () => router.push(paths.addNodeOf(node.networkId, node.id))
  useCommands([{ id: 'edit-node', label: `Edit ${node.name}`, group: 'This node', keys: 'e', run: edit }])
  return (
    <>
      {node.state === 'invited' && (
        <ActionButton onClick={newLine} why={actions.why('reissue')}>
          Continue with its line
        </ActionButton>
      )}
      {node.state === 'quarantined' && (
        <ActionButton onClick={() => setOpen('release')} why={actions.why('approve')}>
          Release
        </ActionButton>
      )}
      <ActionButton variant="default" onClick={edit} why={actions.why('edit')}>
        Edit
      </ActionButton>
      {node.state === 'paused' ? (
        <ActionButton
          variant="default"
          onClick={() => actions.resume.mutate({ id: node.id })}
          loading={actions.resume.isPending}
          why={actions.why('resume')}
        >
          Resume
        </ActionButton>
      ) : (
        <ActionButton variant="default" onClick={() => setOpen('pause')} why={actions.why('pause')}>
          Pause
        </ActionButton>
      )}
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" px="xs" aria-label="More actions">
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Item label="Release from quarantine" why={actions.why('approve')} onClick={() => setOpen('release')} />
          <Item label="Make a new line" why={actions.why('reissue')} onClick={newLine} />
          <Item
            label={node.state === 'invited' ? 'Revoke invitation' : 'Remove node'}
            why={actions.why(node.state === 'invited' ? 'revoke' : 'remove')}
            onClick={() => setOpen('remove')}
            danger
          />
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' && <EditDialog node={node} onClose={close} />}
      {open === 'pause' && <PauseDialog node={node} onClose={close} />}
      {open === 'release' && <ReleaseDialog node={node} release={actions.release} onClose={close} />}
      {open === 'remove' && <RemoveDialog node={node} onClose={close} />}
    </>
  )
}

type ItemProps = { label: string; why: string | null; onClick: () => void; danger?: boolean }

/** Disabled it stays reachable, with its reason in sight: a menu has no room for a tooltip. */
function Item({ label, why, onClick, danger }: ItemProps) {
  return (
    <Menu.Item
      color={danger && !why ? 'bad' : undefined}
      aria-disabled={why !== null || undefined}
      closeMenuOnClick={why === null}
      onClick={why === null ? onClick : undefined}
      className={why ? classes.off : undefined}
    >
      {label}
      {why && <span className={classes.why}>{why}</span>}
    </Menu.Item>
  )
}
