'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import type { NodeDetail } from './node-detail.ts'

/** Nothing is cut by it: who is on this gateway is moved, each when its next tunnel is proven. */
export function DrainDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const drain = useMutation(
    trpc.node.drain.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
        say(`${node.name} is being drained. This page says when nobody is left on it.`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Drain ${node.name}?`}
      verb="Drain gateway"
      cut={[]}
      note="Nothing is cut. Those whom it carries are moved to other gateways, one after the other, each when its next tunnel is proven. Its own tunnels stay, and it can carry again at any time."
      danger={false}
      busy={drain.isPending}
      error={drain.error}
      onConfirm={() => drain.mutate({ id: node.id })}
    />
  )
}
