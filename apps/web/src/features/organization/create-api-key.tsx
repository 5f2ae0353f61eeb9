'use client'

import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import type { Role } from '~/trpc/use-role.ts'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { ShownOnce } from '~/ui/shown-once.tsx'
import { rolesUpTo } from './role-words.ts'

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
]

type Props = { opened: boolean; onClose: () => void }

export function CreateApiKey({ opened, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const create = useMutation(
    trpc.apiKey.create.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: trpc.apiKey.pathKey() }),
    }),
  )
  const form = useForm({
    initialValues: { name: '', role: 'viewer' as Role, expiresInDays: '90' },
    validate: { name: (name) => (name.trim() ? null : 'What uses it: "terraform", "nightly backup"') },
  })
  const close = () => {
    onClose()
    form.reset()
    create.reset()
  }

  return (
    <Dialog opened={opened} onClose={close} title={create.data ? 'Copy the key' : 'Create API key'}>
      {create.data ? (
        <Stack gap="md">
          <p>Shown this once: the server keeps only its fingerprint.</p>
          <ShownOnce text={create.data.key} what="the key" />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={form.onSubmit(({ name, role, expiresInDays }) =>
            create.mutate({ name: name.trim(), role, expiresInDays: Number(expiresInDays) }),
          )}
          noValidate
        >
          <Stack gap="md">
            <TextInput label="Name" placeholder="terraform" data-autofocus {...form.getInputProps('name')} />
            <Select
              label="Role"
              description="The least that does the work"
              data={rolesUpTo(me?.role)}
              allowDeselect={false}
              {...form.getInputProps('role')}
            />
            <Select
              label="Ends after"
              data={lifetimes}
              allowDeselect={false}
              {...form.getInputProps('expiresInDays')}
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
                Create API key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
