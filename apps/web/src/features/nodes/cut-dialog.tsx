'use client'

import { useMutation, useQueries } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { count } from '~/ui/units.ts'
import { MANY, splitByAction } from './bulk.ts'
import { BulkNote } from './bulk-note.tsx'
import type { NodeRow } from './node-row.ts'
import { useBulk } from './use-bulk.ts'

type Props = { kind: 'pause' | 'remove'; nodes: readonly NodeRow[]; onClose: () => void; onDone: () => void }

/** The server is asked what each removal cuts; past so many a line a node says enough. */
const ASKED = 50

/** Pause or remove: what is cut, line by line, before it is. */
export function CutDialog({ kind, nodes, onClose, onDone }: Props) {
  const trpc = useTRPC()
  const split = splitByAction(kind, nodes)
  const { able } = split
  const bulk = useBulk(nodes, onDone)
  const { mutateAsync: pause } = useMutation(trpc.node.pause.mutationOptions())
  const { mutateAsync: remove } = useMutation(trpc.node.remove.mutationOptions())
  const { mutateAsync: revoke } = useMutation(trpc.invitation.revoke.mutationOptions())
  const asks = kind === 'remove' && able.length <= ASKED
  const previews = useQueries({
    queries: (asks ? able : []).map((node) =>
      trpc.node.previewRemove.queryOptions({ id: node.id }, { enabled: node.state !== 'invited', staleTime: 0 }),
    ),
  })
  const cutOf = (node: NodeRow, index: number): string[] | undefined => {
    if (kind === 'pause') return [`${node.name}: its peers drop it until it is resumed; its address stays`]
    if (node.state === 'invited') return [`${node.name}: its invitation; the line is worth nothing then`]
    if (!asks) return [`${node.name}: its tunnels and its address; its machine cleans up when it calls`]
    const preview = previews[index]
    // When the preview fails the node is still named: the list is never shorter than what is cut.
    if (preview?.isError) return [`${node.name}: its tunnels and its address`]
    return preview?.data?.cut.map((line: string) => (line.includes(node.name) ? line : `${node.name}: ${line}`))
  }
  // Those that strand others: what that cuts is in the list, so a typed confirmation is one for it.
  const forced = new Set(able.filter((_, index) => previews[index]?.data?.needsForce).map((node) => node.id))
  const lists = able.map(cutOf)
  const cut = lists.every((list) => list !== undefined) ? lists.flat() : undefined
  const verb = kind === 'pause' ? 'Pause' : 'Remove'
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${verb} ${able.length === 1 ? able[0]?.name : count(able.length, 'node')}?`}
      verb={`${verb} ${count(able.length, 'node')}`}
      cut={cut as string[] | undefined}
      note={
        <>
          {kind === 'pause'
            ? 'A paused node keeps its address and its place; resume it when it shall take part again.'
            : 'A removed node cannot come back with its old keys. Its machine needs a line of its own to join again.'}
          <BulkNote split={split} failures={bulk.failures} />
        </>
      }
      typeName={able.length > MANY || forced.size > 0 ? count(able.length, 'node') : null}
      danger={kind === 'remove'}
      busy={bulk.busy}
      onConfirm={() =>
        void bulk.run(able, kind === 'pause' ? 'paused' : 'removed', (node) =>
          kind === 'pause'
            ? pause({ id: node.id })
            : node.state === 'invited'
              ? revoke({ nodeId: node.id })
              : remove({ id: node.id, force: forced.has(node.id) || undefined }),
        )
      }
    />
  )
}
