'use client'

import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { parseDnsLabel } from '@spanwire/mesh/names/dns-label'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { Notice } from '~/ui/notice.tsx'
import { configText } from './config-text.ts'
import { DeviceFile } from './device-file.tsx'
import { type KeyPair, makeKeyPair } from './make-key-pair.ts'

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'no end' },
]

type Props = { network: string; networkName: string; onClose: () => void }

/** The key pair is made here; the server hears the public half only, and what comes back is put together here. */
export function AddDevice({ network, networkName, onClose }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  // One pair for all attempts: a name that was refused costs no second key.
  const keys = useRef<KeyPair | null>(null)
  const { mutateAsync } = useMutation(trpc.device.create.mutationOptions())
  const add = useMutation({
    mutationFn: async ({ name, expiresInDays }: { name: string; expiresInDays: string }) => {
      keys.current ??= await makeKeyPair()
      const { privateKey, publicKey } = keys.current
      const made = await mutateAsync({
        networkId: network,
        name,
        publicKey,
        expiresInDays: expiresInDays === '' ? null : Number(expiresInDays),
      })
      return configText(made.config, privateKey, { device: made.device.name, network: networkName })
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: trpc.device.pathKey() }),
  })
  const form = useForm({
    initialValues: { name: '', expiresInDays: '90' },
    validate: { name: (name) => fieldProblem(parseDnsLabel(name.trim(), 'device name')) },
  })

  if (add.data !== undefined) {
    return (
      <Dialog opened stays onClose={onClose} title={`Take ${form.values.name.trim()} into the app`} size="lg">
        <DeviceFile text={add.data} networkName={networkName} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Dialog>
    )
  }
  return (
    <Dialog opened onClose={onClose} title="Add device">
      <form
        noValidate
        onSubmit={form.onSubmit(({ name, expiresInDays }) => add.mutate({ name: name.trim(), expiresInDays }))}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            description="Short, lower case: what you call it"
            placeholder="laptop"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Select
            label="Ends after"
            description="Then its tunnel is cut by itself"
            data={lifetimes}
            allowDeselect={false}
            {...form.getInputProps('expiresInDays')}
          />
          <Notice status="info">
            Its key pair is made in this browser. The private key is shown once and never leaves it: the server gets the
            public half.
          </Notice>
          {add.error && (
            <Notice status="bad">
              {errorWords(add.error).text} {errorWords(add.error).fix}
            </Notice>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Add device
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
