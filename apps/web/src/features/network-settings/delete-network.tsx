'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { paths } from '~/ui/paths.ts'
import { say } from '~/ui/say.ts'
import { Section } from '~/ui/section.tsx'
import { count } from '~/ui/units.ts'

/** From this many nodes on, the name is asked for: a slip would be long to mend. */
const MANY_NODES = 3

export function DeleteNetwork({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const router = useRouter()
  const whyNot = useWhyNot('admin')
  const [asking, setAsking] = useState(false)
  const { data: row } = useQuery(trpc.network.get.queryOptions({ id: network }))
  const { data: preview } = useQuery(trpc.network.previewDelete.queryOptions({ id: network }))
  const remove = useMutation(
    trpc.network.delete.mutationOptions({
      onSuccess: () => {
        say(`${row?.name ?? 'The network'} is deleted.`)
        router.push(paths.networks())
        void cache.invalidateQueries({ queryKey: trpc.network.list.queryKey() })
      },
    }),
  )
  const nodes = preview?.nodes.length ?? 0
  return (
    <Section
      title="Delete this network"
      text={
        nodes === 0
          ? 'No node is in it: nothing is cut.'
          : `${count(nodes, 'node')} in it lose their tunnels, and the machines clean up when they call. Their other interfaces are not touched.`
      }
    >
      <ActionButton color="bad" variant="outline" why={whyNot} onClick={() => setAsking(true)}>
        Delete network
      </ActionButton>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Delete the network ${row?.name ?? ''}?`}
        verb="Delete network"
        cut={preview?.cut}
        note={preview && preview.cut.length === 0 ? 'Nothing is cut: no node is in it.' : 'This cannot be undone.'}
        typeName={nodes >= MANY_NODES ? row?.name : null}
        busy={remove.isPending || remove.isSuccess}
        error={remove.error}
        onConfirm={() => row && remove.mutate({ id: network, confirmName: row.name })}
      />
    </Section>
  )
}
