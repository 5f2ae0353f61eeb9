'use client'

import { Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { joinLine } from '@spanwire/mesh/enrolment/join-line'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useKnownTags } from '~/trpc/use-known-tags.ts'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { Notice } from '~/ui/notice.tsx'
import { ShownOnce } from '~/ui/shown-once.tsx'
import { TagField } from '~/ui/tag-field.tsx'

const lifetimes = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
  { value: '720', label: '30 days' },
]

type Props = { network: string; opened: boolean; onClose: () => void }

export function CreateJoinKey({ network, opened, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: sites } = useQuery(trpc.site.list.queryOptions({ network }, { enabled: opened }))
  const create = useMutation(
    trpc.joinKey.create.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: trpc.joinKey.pathKey() }),
    }),
  )
  const form = useForm({
    initialValues: { name: '', maxUses: 10, expiresInHours: '24', siteId: null as string | null, tags: [] as string[] },
    validate: {
      name: (name) => (name.trim() ? null : 'What it is for: "edge image", "autoscaling"'),
      maxUses: (uses) => (Number.isInteger(uses) && uses >= 1 && uses <= 10_000 ? null : 'From 1 to 10,000 machines'),
    },
  })
  const known = useKnownTags(network)
  const close = () => {
    onClose()
    form.reset()
    create.reset()
  }

  return (
    <Dialog opened={opened} onClose={close} title={create.data ? 'Copy the line' : 'Create join key'} size="lg">
      {create.data ? (
        <MadeKey made={create.data} onDone={close} />
      ) : (
        <form
          onSubmit={form.onSubmit(({ name, maxUses, expiresInHours, siteId, tags }) =>
            create.mutate({
              networkId: network,
              name: name.trim(),
              maxUses,
              expiresInHours: Number(expiresInHours),
              ...(siteId ? { siteId } : {}),
              ...(tags.length > 0 ? { tags } : {}),
            }),
          )}
          noValidate
        >
          <Stack gap="md">
            <TextInput label="Name" placeholder="edge image" data-autofocus {...form.getInputProps('name')} />
            <Group grow align="flex-start">
              <NumberInput label="Machines at most" {...form.getInputProps('maxUses')} />
              <Select
                label="Ends after"
                data={lifetimes}
                allowDeselect={false}
                {...form.getInputProps('expiresInHours')}
              />
            </Group>
            <Select
              label="Site"
              description="Where the machines stand; may be left open"
              data={(sites ?? []).map((site) => ({ value: site.id, label: site.name }))}
              placeholder={sites?.length === 0 ? 'This network has no sites' : 'None'}
              clearable
              {...form.getInputProps('siteId')}
            />
            <TagField
              value={form.values.tags}
              onChange={(tags) => form.setFieldValue('tags', tags)}
              known={known}
              description="By which the access policy means these machines, without tag: in front"
            />
            {create.error && (
              <Notice status="bad">
                {errorWords(create.error).text} {errorWords(create.error).fix}
              </Notice>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Create join key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

type Made = { token: string; url: string; pin: string | null }

function MadeKey({ made, onDone }: { made: Made; onDone: () => void }) {
  const line = joinLine({
    url: made.url,
    token: made.token,
    pin: made.pin ?? undefined,
    installPackages: true,
    fixFirewall: false,
    check: false,
  })
  return (
    <Stack gap="md">
      <p>Shown this once. Paste it on each machine, or run it from the image at first boot.</p>
      {line.ok && line.value.warning && <Notice status="warn">{line.value.warning}</Notice>}
      {line.ok ? (
        <ShownOnce text={line.value.line} what="the line" />
      ) : (
        <>
          <Notice status="bad">{fieldProblem(line)}</Notice>
          <ShownOnce text={made.token} what="the token" />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Done
        </Button>
      </Group>
    </Stack>
  )
}
