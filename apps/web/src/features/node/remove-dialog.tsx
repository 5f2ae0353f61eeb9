'use client'

import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { paths } from '~/ui/paths.ts'
import { say } from '~/ui/say.ts'
import { ClusterSteps } from './cluster-steps.tsx'
import type { NodeDetail } from './node-detail.ts'

/** Past so many lines the name is asked for. */
const MANY = 5

const COMES_NOT_BACK = 'It cannot come back with its old keys: its machine needs a line of its own to join again.'

const ABANDONED = [
  'Its Kubernetes node and its password stay in the cluster, and k3s stays on the machine if that still runs',
]

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
  // k3s runs on it: it leaves the cluster first, and the network with the last step.
  const inCluster = preview.data?.cluster ?? null
  const [abandon, setAbandon] = useState(false)
  const leave = useMutation(
    trpc.cluster.removeNode.mutationOptions({
      onSuccess: async () => {
        say(`${node.name} leaves the cluster, step by step, then the network.`)
        onClose()
        await cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() })
      },
    }),
  )
  const revoke = useMutation(
    trpc.invitation.revoke.mutationOptions({ onSuccess: () => gone(`The invitation of ${node.name} is revoked.`) }),
  )
  // The last gateway: others are stranded without it. That is in the list above the name that has to be typed.
  const force = preview.data?.needsForce || undefined
  const goesByStep = inCluster !== null && !abandon
  const cut = invited
    ? []
    : preview.data && [...(inCluster ? (abandon ? ABANDONED : inCluster.cut) : []), ...preview.data.cut]
  const confirm = () => {
    if (invited) return revoke.mutate({ nodeId: node.id })
    if (goesByStep)
      return leave.mutate({ nodeId: node.id, leaveNetwork: true, force: force || inCluster?.needsForce || undefined })
    remove.mutate({ id: node.id, force, abandonCluster: abandon || undefined })
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={invited ? `Revoke the invitation of ${node.name}?` : `Remove ${node.name}?`}
      verb={invited ? 'Revoke invitation' : 'Remove node'}
      cut={cut}
      note={
        invited ? (
          'Its line is worth nothing then. No machine has joined with it.'
        ) : inCluster ? (
          <>
            {!abandon && <ClusterSteps preview={inCluster} after="Then it is taken off the network." />}
            <Checkbox
              mt="sm"
              size="sm"
              label="The machine is gone: forget it without these steps"
              checked={abandon}
              onChange={(event) => setAbandon(event.currentTarget.checked)}
            />
          </>
        ) : (
          COMES_NOT_BACK
        )
      }
      typeName={(cut?.length ?? 0) > MANY || force || inCluster?.needsForce || abandon ? node.name : null}
      busy={[remove, revoke, leave].some(({ isPending, isSuccess }) => isPending || isSuccess)}
      error={remove.error ?? revoke.error ?? leave.error ?? preview.error}
      onConfirm={confirm}
    />
  )
}
