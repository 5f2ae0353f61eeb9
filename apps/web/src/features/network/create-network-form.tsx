'use client'

import { Button, Group } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { NetworkFields } from './network-fields.tsx'
import { type NetworkValues, networkRules } from './network-values.ts'
import { RangeNote } from './range-note.tsx'

export function CreateNetworkForm() {
  const trpc = useTRPC()
  const router = useRouter()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data: proposal } = useSuspenseQuery(trpc.network.propose.queryOptions({}, { staleTime: Infinity }))
  const { conflicts: _, ...proposed } = proposal
  const form = useForm<NetworkValues>({
    initialValues: { name: '', ...proposed },
    validate: networkRules,
    // On blur the message would move the button from under the pointer.
    validateInputOnChange: true,
  })
  const create = useMutation(
    trpc.network.create.mutationOptions({
      onSuccess: async (network) => {
        await cache.invalidateQueries({ queryKey: trpc.network.list.queryKey() })
        router.push(paths.topology(network.id))
      },
    }),
  )

  return (
    <Page
      title="Create network"
      lead="One private address range. The machines in it reach each other wherever they stand."
      narrow
    >
      <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
        <NetworkFields
          form={form}
          rangeNote={<RangeNote cidr4={form.values.cidr4} onTake={(cidr4) => form.setFieldValue('cidr4', cidr4)} />}
        />
        {create.error && (
          <Group mt="md">
            <Notice status="bad">
              {errorWords(create.error).text} {errorWords(create.error).fix}
            </Notice>
          </Group>
        )}
        <Group mt="lg" gap="xs">
          <ActionButton type="submit" loading={create.isPending || create.isSuccess} why={whyNot}>
            Create network
          </ActionButton>
          <Button variant="default" component={Link} href={paths.networks()}>
            Cancel
          </Button>
        </Group>
      </form>
    </Page>
  )
}
