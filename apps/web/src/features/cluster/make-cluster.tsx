'use client'

import { Button, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { Page } from '~/ui/page.tsx'
import { say } from '~/ui/say.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import type { Settings } from './cluster-detail.ts'
import { SettingsFields } from './settings-fields.tsx'
import { useSettingsForm } from './use-settings-form.ts'

type Props = { network: string; onDone: () => void }

const LEAD = 'What must be equal on all machines of it. None is touched before it is given a part.'

export function MakeCluster({ network, onDone }: Props) {
  const proposal = useQuery(
    useTRPC().cluster.propose.queryOptions({ networkId: network }, { staleTime: Number.POSITIVE_INFINITY }),
  )
  return (
    <Page title="Make a cluster" lead={LEAD} narrow>
      {proposal.isError && (
        <ErrorPanel title="Nothing could be proposed" error={proposal.error} onRetry={() => void proposal.refetch()} />
      )}
      {proposal.isPending && <SkeletonRows rows={6} height={64} />}
      {proposal.data && <Form network={network} proposed={proposal.data.settings} onDone={onDone} />}
    </Page>
  )
}

function Form({ network, proposed, onDone }: Props & { proposed: Settings }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const form = useSettingsForm(network, proposed)
  const create = useMutation(
    trpc.cluster.create.mutationOptions({
      onSuccess: async (cluster) => {
        say(`${cluster.settings.name} is made. Its first machine is a server: add one.`)
        cache.setQueryData(trpc.cluster.get.queryKey({ networkId: network }), cluster)
        onDone()
        await cache.invalidateQueries({ queryKey: trpc.node.pathKey() })
      },
    }),
  )
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (form.whyNot !== null || create.isPending) return
        const { settings, values } = form
        create.mutate({ networkId: network, settings, datastoreEndpoint: values.datastoreEndpoint || null })
      }}
    >
      <SettingsFields form={form} locked={false} />
      {create.error && (
        <Group mt="md">
          <Notice status="bad">
            {errorWords(create.error).text} {errorWords(create.error).fix}
          </Notice>
        </Group>
      )}
      {form.refused && (
        <Group mt="md">
          <Notice status="bad">{form.refused}</Notice>
        </Group>
      )}
      <Group mt="lg" gap="xs">
        <ActionButton type="submit" loading={create.isPending || create.isSuccess} why={form.whyNot}>
          Make the cluster
        </ActionButton>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
      {form.checkError && (
        <Group mt="md">
          <Notice status="warn">{errorWords(form.checkError).text}</Notice>
        </Group>
      )}
    </form>
  )
}
