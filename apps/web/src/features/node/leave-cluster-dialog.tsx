'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import { ClusterSteps } from './cluster-steps.tsx'
import type { NodeDetail } from './node-detail.ts'

type Props = { node: NodeDetail; name: string; onClose: () => void }

/** Out of the cluster, and still in the network: what is cut, and the steps that will be taken. */
export function LeaveClusterDialog({ node, name, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const preview = useQuery(trpc.cluster.previewRemoveNode.queryOptions({ nodeId: node.id }, { staleTime: 0 }))
  const force = preview.data?.needsForce || undefined
  const remove = useMutation(
    trpc.cluster.removeNode.mutationOptions({
      onSuccess: async () => {
        say(`${node.name} leaves ${name}, step by step.`)
        onClose()
        await cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() })
      },
    }),
  )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove ${node.name} from ${name}?`}
      verb="Remove from cluster"
      cut={preview.data?.cut}
      note={preview.data && <ClusterSteps preview={preview.data} after="It stays in the network." />}
      typeName={force ? node.name : null}
      busy={remove.isPending}
      error={remove.error ?? preview.error}
      onConfirm={() => remove.mutate({ nodeId: node.id, force })}
    />
  )
}
