'use client'

import { Group } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import type { ClusterDetail } from './cluster-detail.ts'
import classes from './edit-cluster.module.css'
import { SettingsFields } from './settings-fields.tsx'
import type { UpdatePreview } from './update-preview.ts'
import { useSettingsForm } from './use-settings-form.ts'

const PreviewDialog = dynamic(() => import('./preview-dialog.tsx').then((module) => module.PreviewDialog), {
  ssr: false,
})

type Props = { network: string; cluster: ClusterDetail }

/** The settings, to be changed: what each machine would be told, in which order, is shown before any is. */
export function EditCluster({ network, cluster }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const role = useWhyNot('admin')
  const form = useSettingsForm(network, cluster.settings)
  const [preview, setPreview] = useState<UpdatePreview | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [asking, setAsking] = useState(false)
  const why =
    role ??
    (cluster.rollout ? 'A change is on its way to the machines: it ends first.' : null) ??
    (form.isDirty ? form.whyNot : 'Nothing is changed yet')

  const ask = async () => {
    setProblem(null)
    setAsking(true)
    try {
      const input = { networkId: network, settings: form.settings }
      setPreview(await cache.fetchQuery(trpc.cluster.previewUpdate.queryOptions(input, { staleTime: 0 })))
    } catch (error) {
      setProblem(error)
    } finally {
      setAsking(false)
    }
  }

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (why === null && !asking) void ask()
      }}
    >
      <SettingsFields form={form} locked={role !== null} existing />
      {Boolean(problem) && (
        <Group mt="md">
          <Notice status="bad">
            {errorWords(problem).text} {errorWords(problem).fix}
          </Notice>
        </Group>
      )}
      {form.refused && (
        <Group mt="md">
          <Notice status="bad">{form.refused}</Notice>
        </Group>
      )}
      {role && (
        <Group mt="md">
          <Notice status="info">{role}</Notice>
        </Group>
      )}
      <Group mt="lg" gap="xs">
        {role === null && (
          <ActionButton type="submit" loading={asking} why={why}>
            Preview the change
          </ActionButton>
        )}
        {form.isDirty && (
          <ActionButton variant="default" onClick={() => form.reset(cluster.settings)}>
            Undo
          </ActionButton>
        )}
      </Group>
      {preview && (
        <PreviewDialog
          network={network}
          settings={form.settings}
          datastoreEndpoint={form.values.datastoreEndpoint || null}
          preview={preview}
          onClose={() => setPreview(null)}
          onSaved={(saved) => {
            setPreview(null)
            form.reset(saved.settings)
          }}
        />
      )}
    </form>
  )
}
