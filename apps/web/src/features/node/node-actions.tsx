'use client'

import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { paths } from '~/ui/paths.ts'
import type { NodeDetail } from './node-detail.ts'
import { NodeMenu } from './node-menu.tsx'
import { useNodeActions } from './use-node-actions.ts'

// They open on a click: their scripts come with it.
const EditDialog = dynamic(() => import('./edit-dialog.tsx').then((module) => module.EditDialog), { ssr: false })
const PauseDialog = dynamic(() => import('./pause-dialog.tsx').then((module) => module.PauseDialog), { ssr: false })
const ReleaseDialog = dynamic(() => import('./release-dialog.tsx').then((module) => module.ReleaseDialog), {
  ssr: false,
})
const DrainDialog = dynamic(() => import('./drain-dialog.tsx').then((module) => module.DrainDialog), { ssr: false })
const RotateKeysDialog = dynamic(() => import('./rotate-keys-dialog.tsx').then((module) => module.RotateKeysDialog), {
  ssr: false,
})
const RemoveDialog = dynamic(() => import('./remove-dialog.tsx').then((module) => module.RemoveDialog), { ssr: false })

type Dialog = 'drain' | 'edit' | 'pause' | 'release' | 'remove' | 'rotate'

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
      <NodeMenu
        items={[
          ...(node.role !== 'gateway'
            ? []
            : node.draining
              ? [
                  {
                    label: 'Let it carry again',
                    why: actions.whyNotDrain,
                    act: () => actions.undrain.mutate({ id: node.id }),
                  },
                ]
              : [{ label: 'Drain gateway', why: actions.whyNotDrain, act: () => setOpen('drain') }]),
          { label: 'Rotate keys', why: actions.why('rotateKeys'), act: () => setOpen('rotate') },
          { label: 'Make a new line', why: actions.why('reissue'), act: newLine },
          {
            label: node.state === 'invited' ? 'Revoke invitation' : 'Remove node',
            why: actions.why(node.state === 'invited' ? 'revoke' : 'remove'),
            act: () => setOpen('remove'),
            danger: true,
          },
        ]}
      />
      {open === 'edit' && <EditDialog node={node} onClose={close} />}
      {open === 'drain' && <DrainDialog node={node} onClose={close} />}
      {open === 'pause' && <PauseDialog node={node} onClose={close} />}
      {open === 'release' && <ReleaseDialog node={node} release={actions.release} onClose={close} />}
      {open === 'rotate' && <RotateKeysDialog node={node} onClose={close} />}
      {open === 'remove' && <RemoveDialog node={node} onClose={close} />}
    </>
  )
}
