'use client'

import { Button, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'

type Site = { id: string; name: string; nodes: number }

export function Sites({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('operator')
  const { data: sites } = useQuery(trpc.site.list.queryOptions({ network }))
  const [renaming, setRenaming] = useState<string | null>(null)
  const [removing, setRemoving] = useState<Site | null>(null)
  const renew = () => cache.invalidateQueries({ queryKey: trpc.site.pathKey() })
  const create = useMutation(trpc.site.create.mutationOptions({ onSuccess: renew }))
  const rename = useMutation(
    trpc.site.rename.mutationOptions({ onSuccess: () => renew().then(() => setRenaming(null)) }),
  )
  const remove = useMutation(
    trpc.site.delete.mutationOptions({ onSuccess: () => renew().then(() => setRemoving(null)) }),
  )

  return (
    <Section
      title="Sites"
      text="A site is a place whose machines share a LAN or a public address: a flat, a rack, a region."
    >
      <SiteNameForm
        key={sites?.length}
        label="New site"
        verb="Add site"
        why={whyNot}
        busy={create.isPending}
        error={create.error}
        onSubmit={(name) => create.mutate({ networkId: network, name })}
      />
      {!sites && <SkeletonRows rows={3} height={52} />}
      {sites && sites.length > 0 && (
        <Rows label="Sites">
          {sites.map((site) =>
            renaming === site.id ? (
              <RowItem
                key={site.id}
                title={
                  <SiteNameForm
                    label={`New name of ${site.name}`}
                    verb="Rename"
                    initial={site.name}
                    why={whyNot}
                    busy={rename.isPending}
                    error={rename.error}
                    onSubmit={(name) => rename.mutate({ id: site.id, name })}
                    onCancel={() => setRenaming(null)}
                  />
                }
              />
            ) : (
              <RowItem
                key={site.id}
                title={site.name}
                about={count(site.nodes, 'node')}
                actions={
                  <>
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      why={whyNot}
                      aria-label={`Rename ${site.name}`}
                      onClick={() => setRenaming(site.id)}
                    >
                      Rename
                    </ActionButton>
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      color="bad"
                      why={whyNot}
                      aria-label={`Delete ${site.name}`}
                      onClick={() => setRemoving(site)}
                    >
                      Delete
                    </ActionButton>
                  </>
                }
              />
            ),
          )}
        </Rows>
      )}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Delete the site ${removing?.name ?? ''}?`}
        verb="Delete site"
        cut={[]}
        note={
          removing && removing.nodes > 0
            ? `Nothing is cut. Its ${count(removing.nodes, 'node')} stay in the network, without a site.`
            : 'Nothing is cut: no node is in it.'
        }
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate({ id: removing.id })}
      />
    </Section>
  )
}

type FormProps = {
  label: string
  verb: string
  initial?: string
  why: string | null
  busy: boolean
  error: unknown
  onSubmit: (name: string) => void
  onCancel?: () => void
}

function SiteNameForm({ label, verb, initial = '', why, busy, error, onSubmit, onCancel }: FormProps) {
  const form = useForm({
    initialValues: { name: initial },
    validate: { name: (name) => fieldProblem(parseSiteName(name.trim())) },
  })
  const { error: wrong, ...field } = form.getInputProps('name')
  return (
    <form onSubmit={form.onSubmit(({ name }) => onSubmit(name.trim()))}>
      <Group gap="xs" align="flex-start" mb={onCancel ? 0 : 'md'}>
        <TextInput
          {...field}
          aria-label={label}
          placeholder={label}
          autoFocus={Boolean(onCancel)}
          error={wrong ?? (error ? errorWords(error).text : null)}
          flex={1}
          maw={320}
          onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
        />
        <ActionButton type="submit" variant="default" loading={busy} why={why}>
          {verb}
        </ActionButton>
        {onCancel && (
          <Button variant="subtle" color="gray" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </Group>
    </form>
  )
}
