'use client'

import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import type { Role } from '~/trpc/use-role.ts'
import { Ago } from '~/ui/ago.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { ShownOnce } from '~/ui/shown-once.tsx'
import { rolesUpTo } from './role-words.ts'

const LIFETIMES = [
  { value: '4', label: '4 hours' },
  { value: '48', label: '2 days' },
  { value: '168', label: '1 week' },
  { value: '336', label: '2 weeks' },
]

type Props = { opened: boolean; onClose: () => void }

/** A link by which one person makes an account of their own. */
export function InviteMember({ opened, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const form = useForm({
    initialValues: { role: 'viewer' as Role, email: '', hours: '48' },
    validate: {
      email: (email) =>
        email.trim() === '' || /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : 'An address like name@example.org',
    },
  })
  const invite = useMutation(
    trpc.member.invite.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: trpc.member.pathKey() }),
    }),
  )
  const close = () => {
    onClose()
    form.reset()
    invite.reset()
  }
  const made = invite.data
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={made ? 'Copy the link' : 'Invite by link'}
      stays={made !== undefined}
    >
      {made ? (
        <Stack gap="md">
          <p>
            Shown this once. Whoever has it makes an account as {made.row.role}
            {made.row.email && ` with ${made.row.email}`}, once. It ends <Ago at={made.row.expiresAt} />.
          </p>
          <ShownOnce text={made.url} what="the link" />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Done
            </Button>
          </Group>
        </Stack>
      ) : (
        <form
          noValidate
          onSubmit={form.onSubmit(({ role, email, hours }) =>
            invite.mutate({ role, email: email.trim() || null, expiresInHours: Number(hours) }),
          )}
        >
          <Stack gap="md">
            <Select
              label="Role"
              description="The least that does the work; it can be changed"
              data={rolesUpTo(me?.role as Role | undefined)}
              allowDeselect={false}
              {...form.getInputProps('role')}
            />
            <TextInput
              label="Email"
              description="May be left open: then whoever has the link names their own"
              type="email"
              autoComplete="off"
              {...form.getInputProps('email')}
            />
            <Select label="Ends after" data={LIFETIMES} allowDeselect={false} {...form.getInputProps('hours')} />
            {invite.error && (
              <Notice status="bad">
                {errorWords(invite.error).text} {errorWords(invite.error).fix}
              </Notice>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={invite.isPending}>
                Make the link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
