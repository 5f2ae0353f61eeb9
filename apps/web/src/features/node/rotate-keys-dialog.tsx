'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import { numbered } from './key-words.ts'
import type { NodeDetail } from './node-detail.ts'
import classes from './rotate-keys-dialog.module.css'

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
          <ol className={classes.steps}>
            <li>It makes new keys. The private ones never leave it.</li>
            <li>{peersWords(keys.data?.peers)} Whoever is off is waited for.</li>
            <li>It switches. If nobody answers within 30 s, it goes back by itself.</li>
          </ol>
          <p>
            Its own tunnels may lose packets for one handshake, usually less than a second. Other tunnels lose nothing.
            Until the switch you can stop it.
          </p>
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

function peersWords(peers: number | undefined): string {
  if (peers === 1) return 'Its peer takes the next key beside the old one.'
  return `${peers ? `All ${peers}` : 'All its'} peers take the next key beside the old one.`
}

const cutBy = (devices: number): string[] =>
  devices === 0
    ? []
    : [
        `The tunnels of ${numbered(devices, 'laptop or phone', 'laptops and phones')}: the key stands in their files, so each needs a new file`,
      ]
