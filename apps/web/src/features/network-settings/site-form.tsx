'use client'

import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { siteLabel } from '@spanwire/mesh/cluster/cluster-node'
import { parsePlace } from '@spanwire/mesh/names/parse-place'
import { parseSiteName } from '@spanwire/mesh/names/parse-site-name'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { Notice } from '~/ui/notice.tsx'

export type SiteValues = { name: string; zone: string; region: string }

export const NO_SITE: SiteValues = { name: '', zone: '', region: '' }

type Props = {
  label: string
  verb: string
  initial: SiteValues
  why: string | null
  busy: boolean
  error: unknown
  onSubmit: (site: SiteValues) => void
  onCancel?: () => void
}

/** A site's name, and the zone and region that its nodes are labelled with in Kubernetes. */
export function SiteForm({ label, verb, initial, why, busy, error, onSubmit, onCancel }: Props) {
  const form = useForm<SiteValues>({
    initialValues: initial,
    validateInputOnBlur: ['zone', 'region'],
    validate: {
      name: (name) => fieldProblem(parseSiteName(name.trim())),
      zone: (zone) => fieldProblem(parsePlace(zone, 'zone')),
      region: (region) => fieldProblem(parsePlace(region, 'region')),
    },
  })
  const typing = onCancel !== undefined || form.isDirty()
  const cancel = () => (onCancel ? onCancel() : form.reset())
  return (
    <form
      onSubmit={form.onSubmit(({ name, zone, region }) =>
        onSubmit({ name: name.trim(), zone: zone.trim(), region: region.trim() }),
      )}
    >
      <Stack gap="xs" mb={onCancel ? 0 : 'md'} onKeyDown={(event) => event.key === 'Escape' && cancel()}>
        <Group gap="xs" align="flex-start">
          <TextInput
            {...form.getInputProps('name')}
            aria-label={label}
            placeholder={label}
            autoFocus={Boolean(onCancel)}
            flex={1}
            maw={320}
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
        {typing && (
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" maw={560}>
            <TextInput
              label="Zone"
              description="Label of its nodes in Kubernetes; volumes remember it"
              placeholder={siteLabel(form.values.name) ?? 'as the name'}
              autoCapitalize="off"
              spellCheck={false}
              {...form.getInputProps('zone')}
            />
            <TextInput
              label="Region"
              description="Several zones may be in one"
              placeholder="none"
              autoCapitalize="off"
              spellCheck={false}
              {...form.getInputProps('region')}
            />
          </SimpleGrid>
        )}
        {error !== null && error !== undefined && (
          <Notice status="bad">
            {errorWords(error).text} {errorWords(error).fix}
          </Notice>
        )}
      </Stack>
    </form>
  )
}
