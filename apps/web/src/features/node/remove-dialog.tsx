'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { paths } from '~/ui/paths.ts'
import { say } from '~/ui/say.ts'
import type { NodeDetail } from './node-detail.ts'

/** Past so many lines the name is asked for. */
const MANY = 5

/** Removal, with what it cuts as the server sees it at this moment. An invited node has nothing to cut: its invitation ends. */
export function RemoveDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const router = useRouter()
  const invited = node.state === 'invited'
  const preview = useQuery(trpc.node.previewRemove.queryOptions({ id: node.id }, { staleTime: 0, enabled: !invited }))
  const gone = async (words: string) => {
    say(words)
    router.push(paths.nodes(node.networkId))
    await cache.invalidateQueries({ queryKey: trpc.node.list.queryKey() })
  }
  const remove = useMutation(
    trpc.node.remove.mutationOptions({
      onSuccess: () => gone(`${node.name} is removed; its machine cleans up when it calls.`),
    }),
  )
  const revoke = useMutation(
    trpc.invitation.revoke.mutationOptions({ onSuccess: () => gone(`The invitation of ${node.name} is revoked.`) }),
  )
  // The last gateway: others are stranded without it. That is in the list above the name that has to be typed.
  const force = preview.data?.needsForce || undefined
  const cut = invited ? [] : preview.data?.cut
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={invited ? `Revoke the invitation of ${node.name}?` : `Remove ${node.name}?`}
      verb={invited ? 'Revoke invitation' : 'Remove node'}
      cut={cut}
      note={
        invited
          ? 'Its line is worth nothing then. No machine has joined with it.'
          : 'It cannot come back with its old keys: its machine needs a line of its own to join again.'
      }
      typeName={(cut?.length ?? 0) > MANY || force ? node.name : null}
      busy={remove.isPending || remove.isSuccess || revoke.isPending || revoke.isSuccess}
      error={remove.error ?? revoke.error ?? preview.error}
      onConfirm={() => (invited ? revoke.mutate({ nodeId: node.id }) : remove.mutate({ id: node.id, force }))}
    />
  )
}
