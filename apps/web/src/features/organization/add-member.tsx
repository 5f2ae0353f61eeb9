'use client'

import { Button, Group, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import type { Role } from '~/trpc/use-role.ts'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { rolesUpTo } from './role-words.ts'

/** The server asks for the same; here it is said before the click. */
const PASSWORD_LENGTH = 12

type Props = { opened: boolean; onClose: () => void }

/** An account with a first password, to be told to its person. */
export function AddMember({ opened, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const form = useForm({
    initialValues: { name: '', email: '', role: 'viewer' as Role, password: '' },
    validate: {
      name: (name) => (name.trim() ? null : 'The name is shown beside what they change'),
      email: (email) => (/^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : 'They sign in with it: name@example.org'),
      password: (password) =>
        password.length >= PASSWORD_LENGTH ? null : `At least ${PASSWORD_LENGTH} characters: a few words do well`,
    },
  })
  const add = useMutation(
    trpc.member.add.mutationOptions({
      onSuccess: async (member) => {
        await cache.invalidateQueries({ queryKey: trpc.member.pathKey() })
        close()
        say(`${member.name} can sign in now, with ${member.email}.`)
      },
    }),
  )
  const close = () => {
    onClose()
    form.reset()
    add.reset()
  }

  return (
    <Dialog opened={opened} onClose={close} title="Add member">
      <form
        onSubmit={form.onSubmit(({ name, email, ...rest }) =>
          add.mutate({ ...rest, name: name.trim(), email: email.trim() }),
        )}
        noValidate
      >
        <Stack gap="md">
          <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
          <TextInput label="Email" type="email" autoComplete="off" {...form.getInputProps('email')} />
          <Select
            label="Role"
            description="The least that does the work; it can be changed"
            data={rolesUpTo(me?.role)}
            allowDeselect={false}
            {...form.getInputProps('role')}
          />
          <PasswordInput
            label="First password"
            description={`At least ${PASSWORD_LENGTH} characters. Tell it to them by another way than mail`}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          {add.error && (
            <Notice status="bad">
              {errorWords(add.error).text} {errorWords(add.error).fix}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add member
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
