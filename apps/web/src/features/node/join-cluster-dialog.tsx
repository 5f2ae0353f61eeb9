'use client'

import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useClusterRoles } from '~/trpc/use-cluster-roles.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { type ClusterPart, NO_PART, partFaults, partInput } from '~/ui/cluster-part.ts'
import { ClusterPartFields } from '~/ui/cluster-part-fields.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import { say } from '~/ui/say.ts'
import type { NodeDetail } from './node-detail.ts'

/** A machine of the network that is to be one of the cluster too: its tunnels are measured, so a server's place can be judged. */
export function JoinClusterDialog({ node, onClose }: { node: NodeDetail; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const [part, setPart] = useState<ClusterPart>(NO_PART)
  const { own: _, ...roles } = useClusterRoles(node.networkId, node.id, part.role)
  const faults = partFaults(part)
  const [fault] = Object.values(faults)
  const join = useMutation(
    trpc.cluster.setNode.mutationOptions({
      onSuccess: async () => {
        say(`${node.name} becomes a k3s ${part.role}; its machine begins when it hears of it.`)
        onClose()
        await Promise.all([
          cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() }),
          cache.invalidateQueries({ queryKey: trpc.node.pathKey() }),
        ])
      },
    }),
  )
  return (
    <Modal opened onClose={onClose} title={`Add ${node.name} to the cluster`}>
      <ClusterPartFields
        {...roles}
        part={part}
        set={(change) => setPart({ ...part, ...change })}
        faults={faults}
        nodeName={node.name}
        clusterHref={paths.makeCluster(node.networkId)}
      />
      {join.error && (
        <Group mt="md">
          <Notice status="bad">
            {errorWords(join.error).text} {errorWords(join.error).fix}
          </Notice>
        </Group>
      )}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <ActionButton
          loading={join.isPending}
          why={part.role === null ? 'Choose what it shall be first: server or agent.' : (fault ?? null)}
          onClick={() => join.mutate({ nodeId: node.id, ...partInput(part, node.name) })}
        >
          Add to the cluster
        </ActionButton>
      </Group>
    </Modal>
  )
}
