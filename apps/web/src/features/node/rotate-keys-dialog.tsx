'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import { numbered } from './key-words.ts'
import type { NodeDetail } from './node-detail.ts'

/** What will happen, in its order, and what may be lost. */
export function RotateKeysDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const keys = useQuery(trpc.node.keys.queryOptions({ id: node.id }))
  const rotate = useMutation(
    trpc.node.rotateKeys.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
        say(`${node.name} makes new keys. This page says how far it is.`)
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Rotate the keys of ${node.name}?`}
      verb="Rotate keys"
      cut={keys.data && cutBy(keys.data.devices)}
      note={
        <>
          {node.name} makes new keys, and the private ones never leave it. Each of its{' '}
          {keys.data ? numbered(keys.data.peers, 'peer') : 'peers'} takes the next key beside the old one; when all have
          it, {node.name} switches. Its own tunnels may lose packets for as long as a handshake takes, other tunnels
          lose nothing. If nobody answers within 30 s, it goes back by itself.
        </>
      }
      danger={false}
      keep="Keep its keys"
      busy={rotate.isPending}
      error={rotate.error ?? keys.error}
      onConfirm={() => rotate.mutate({ id: node.id })}
    />
  )
}

const cutBy = (devices: number): string[] =>
  devices === 0
    ? []
    : [
        `The tunnels of ${numbered(devices, 'laptop or phone', 'laptops and phones')}: the key stands in their files, so each needs a new file`,
      ]
