'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import type { NodeDetail } from './node-detail.ts'

export function PauseDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const pause = useMutation(
    trpc.node.pause.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
        say(`${node.name} is paused.`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Pause ${node.name}?`}
      verb="Pause node"
      cut={[
        ...node.peers.map((peer) => `The tunnel between ${node.name} and ${peer.peerName}`),
        ...(node.role === 'gateway' ? ['The traffic that members send each other through it'] : []),
      ]}
      note="It keeps its address and its place. Resume it when it shall take part again."
      danger={false}
      busy={pause.isPending}
      error={pause.error}
      onConfirm={() => pause.mutate({ id: node.id })}
    />
  )
}
