'use client'

import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import type { NodeDetail } from './node-detail.ts'
import type { useNodeActions } from './use-node-actions.ts'

type Props = { node: NodeDetail; release: ReturnType<typeof useNodeActions>['release']; onClose: () => void }

/** Two machines hold one credential: the operator says which of them is the node. */
export function ReleaseDialog({ node, release, onClose }: Props) {
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Release ${node.name}?`}
      verb="Release node"
      cut={[]}
      note={
        <>
          {node.quarantineReason && <>Why it is quarantined: {node.quarantineReason}. </>}
          The machine that calls next keeps the name, the address and the keys. Run <code>spanwire leave --local</code>{' '}
          on the other one first, or it is quarantined again.
        </>
      }
      danger={false}
      busy={release.isPending}
      error={release.error}
      onConfirm={() => release.mutate({ id: node.id }, { onSuccess: onClose })}
    />
  )
}
