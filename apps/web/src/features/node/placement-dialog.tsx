'use client'

import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { partFaults, partOf } from '~/ui/cluster-part.ts'
import { errorWords } from '~/ui/error-words.ts'
import { LabelField } from '~/ui/label-field.tsx'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { TaintField } from '~/ui/taint-field.tsx'
import type { ClusterRow } from './cluster-row.ts'

/** What its pods are chosen by. No k3s restarts: a server of the cluster sets it in Kubernetes. */
export function PlacementDialog({ row, onClose }: { row: ClusterRow; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const [part, setPart] = useState(partOf(row))
  const { labels, taints } = partFaults(part)
  const change = useMutation(
    trpc.cluster.setNode.mutationOptions({
      onSuccess: async () => {
        say(`Labels and taints of ${row.nodeName} are on their way to Kubernetes.`)
        onClose()
        await cache.invalidateQueries({ queryKey: trpc.cluster.pathKey() })
      },
    }),
  )
  return (
    <Modal opened onClose={onClose} title={`Labels and taints of ${row.nodeName}`}>
      <Stack gap="md">
        <LabelField
          label="Kubernetes labels"
          description="Zone and region come from the site. Labels that others gave it stay"
          value={part.labels}
          onChange={(next) => setPart({ ...part, labels: next })}
          error={labels}
        />
        <TaintField value={part.taints} onChange={(next) => setPart({ ...part, taints: next })} error={taints} />
        <Notice status="none">
          A server of the cluster sets them, and nothing restarts. A taint with NoExecute ends pods on it that do not
          tolerate it.
        </Notice>
        {change.error && (
          <Notice status="bad">
            {errorWords(change.error).text} {errorWords(change.error).fix}
          </Notice>
        )}
      </Stack>
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <ActionButton
          loading={change.isPending}
          why={labels ?? taints ?? null}
          onClick={() =>
            change.mutate({ nodeId: row.nodeId, role: row.role, labels: part.labels, taints: part.taints })
          }
        >
          Save
        </ActionButton>
      </Group>
    </Modal>
  )
}
