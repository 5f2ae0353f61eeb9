'use client'

import { Group } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { NetworkFields } from './network-fields.tsx'
import { type NetworkValues, networkRules } from './network-values.ts'

type Change = { id: string } & Partial<Omit<NetworkValues, 'cidr6'>>

/** What a change cuts is shown before it is made; one that cuts nothing is just made. */
export function EditNetworkForm({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data: row } = useSuspenseQuery(trpc.network.get.queryOptions({ id: network }))
  const form = useForm<NetworkValues>({
    initialValues: valuesOf(row),
    validate: networkRules,
    // On blur the message would move the button from under the pointer.
    validateInputOnChange: true,
  })
  const [pending, setPending] = useState<{ change: Change; cut: string[] } | null>(null)
  const [asking, setAsking] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const update = useMutation(
    trpc.network.update.mutationOptions({
      onSuccess: async () => {
        setPending(null)
        form.resetDirty()
        say('Saved. Nodes take it over as they hear of it.')
        await cache.invalidateQueries({ queryKey: trpc.network.pathKey() })
      },
    }),
  )

  const submit = form.onSubmit(async (values) => {
    const { cidr6: _, ...editable } = values
    const changed = Object.entries(editable).filter(([field]) => form.isDirty(field))
    const change: Change = { id: network, ...Object.fromEntries(changed) }
    setProblem(null)
    setAsking(true)
    try {
      const { cut } = await cache.fetchQuery(trpc.network.previewUpdate.queryOptions(change, { staleTime: 0 }))
      if (cut.length > 0) setPending({ change, cut })
      else await update.mutateAsync(change)
    } catch (error) {
      setProblem(error)
    } finally {
      setAsking(false)
    }
  })

  return (
    <form onSubmit={submit} noValidate>
      <NetworkFields form={form} existing />
      {Boolean(problem) && (
        <Group mt="md">
          <Notice status="bad">
            {errorWords(problem).text} {errorWords(problem).fix}
          </Notice>
        </Group>
      )}
      <Group mt="lg" gap="xs">
        <ActionButton
          type="submit"
          loading={asking || update.isPending}
          why={whyNot ?? (form.isDirty() ? null : 'Nothing is changed yet')}
        >
          Save changes
        </ActionButton>
      </Group>
      <ConfirmDialog
        opened={pending !== null}
        onClose={() => setPending(null)}
        title="Save these changes?"
        verb="Save changes"
        keep="Go back"
        cut={pending?.cut}
        note="Everything else goes on undisturbed."
        busy={update.isPending}
        error={pending ? update.error : null}
        onConfirm={() => pending && update.mutate(pending.change)}
      />
    </form>
  )
}

function valuesOf(row: NetworkValues): NetworkValues {
  const { name, cidr4, cidr6, interfaceName, listenPort, mtu, keepaliveSeconds } = row
  return { name, cidr4, cidr6, interfaceName, listenPort, mtu, keepaliveSeconds }
}
