'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { say } from '~/ui/say.ts'
import { Section } from '~/ui/section.tsx'
import { someNames } from '~/ui/some-names.ts'
import { count } from '~/ui/units.ts'
import type { ClusterDetail } from './cluster-detail.ts'

/** The console forgets the cluster; what k3s runs on the machines is not touched. */
export function DeleteCluster({ network, cluster }: { network: string; cluster: ClusterDetail }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { name } = cluster.settings
  const nodes = cluster.nodes.length
  const remove = useMutation(
    trpc.cluster.delete.mutationOptions({
      onSuccess: async () => {
        setAsking(false)
        say(`${name} is forgotten here.`)
        cache.setQueryData(trpc.cluster.get.queryKey({ networkId: network }), null)
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
      },
    }),
  )
  const cut =
    nodes === 0
      ? []
      : [
          `${count(nodes, 'machine')} keep k3s as it runs; nothing here tells or watches it any more: ${someNames(cluster.nodes.map((node) => node.nodeName))}`,
          'Its token, certificate and settings are forgotten: no machine can join it through this console',
          'Routes to its pods leave the tunnels: pods on different machines no longer reach each other',
        ]
  return (
    <Section
      title="Delete this cluster"
      text={
        nodes === 0
          ? 'No machine has a part in it: nothing is cut.'
          : `To end k3s on a machine, take the machine out of the cluster first, on its own page. What is deleted here is only what this console knows.`
      }
    >
      <ActionButton color="bad" variant="outline" onClick={() => setAsking(true)}>
        Delete cluster
      </ActionButton>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete the cluster ${name}?`}
        verb="Delete cluster"
        cut={cut}
        note={nodes === 0 ? 'Nothing is cut: no machine has a part in it.' : 'This cannot be undone.'}
        typeName={nodes > 0 ? name : null}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ networkId: network, confirmName: name })}
      />
    </Section>
  )
}
