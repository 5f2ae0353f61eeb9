'use client'

import { Group, NumberInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { paths } from '~/ui/paths.ts'
import { say } from '~/ui/say.ts'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { PresetChoice, type Topology } from './preset-choice.tsx'
import { TopologyPreview } from './topology-preview.tsx'

const LEAST = 1
const MOST = 1000

/** Who is reached directly: one of three, with what each node would be told before anything is. */
export function TopologySettings({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data: row } = useQuery(trpc.network.get.queryOptions({ id: network }))
  const [chosen, setChosen] = useState<Topology | null>(null)
  const [typedCap, setTypedCap] = useState<number | null>(null)
  const topology = chosen ?? row?.topology ?? 'hub'
  const directCap = typedCap ?? row?.directCap ?? 50
  const wanted = { id: network, topology, directCap }
  const isChanged = row !== undefined && (topology !== row.topology || directCap !== row.directCap)
  const isCapGood = Number.isInteger(directCap) && directCap >= LEAST && directCap <= MOST
  const preview = useQuery(
    trpc.network.previewTopology.queryOptions(wanted, {
      enabled: isChanged && isCapGood,
      placeholderData: keepPreviousData,
    }),
  )
  const apply = useMutation(
    trpc.network.setTopology.mutationOptions({
      onSuccess: async () => {
        say('Saved. Nodes take it over as they hear of it; gateways carry meanwhile.')
        await cache.invalidateQueries({ queryKey: trpc.network.pathKey() })
        setChosen(null)
        setTypedCap(null)
      },
    }),
  )
  if (!row) return <SkeletonRows rows={4} height={64} />
  return (
    <>
      <Section
        title="Who is reached directly"
        text={
          <>
            It can be changed at any time, and nothing is cut: a tunnel that carries goes when another carries for it.{' '}
            <Link href={paths.paths(network)}>Paths</Link> shows how it goes.
          </>
        }
      >
        <PresetChoice value={topology} applied={row.topology} onChange={setChosen} />
        {topology !== 'hub' && (
          <NumberInput
            mt="md"
            maw={320}
            label="Direct peers of a node, at most"
            description="Those beyond it are reached through gateways"
            min={LEAST}
            max={MOST}
            allowDecimal={false}
            value={directCap}
            error={isCapGood ? null : `From ${LEAST} to ${MOST}`}
            onChange={(value) => setTypedCap(typeof value === 'number' ? value : Number.NaN)}
          />
        )}
      </Section>
      {isChanged && isCapGood && (
        <Section title="What would change">
          {preview.isError ? (
            <Notice status="bad">
              {errorWords(preview.error).text} {errorWords(preview.error).fix}
            </Notice>
          ) : preview.data ? (
            <TopologyPreview preview={preview.data} />
          ) : (
            <SkeletonRows rows={4} height={32} />
          )}
        </Section>
      )}
      {apply.error && (
        <Notice status="bad">
          {errorWords(apply.error).text} {errorWords(apply.error).fix}
        </Notice>
      )}
      <Group mt="lg" gap="xs">
        <ActionButton
          loading={apply.isPending}
          why={
            whyNot ??
            (isChanged
              ? isCapGood
                ? preview.isSuccess && !preview.isPlaceholderData
                  ? null
                  : 'Still asking what would change'
                : `A node has ${LEAST} to ${MOST} direct peers`
              : 'Nothing is changed yet')
          }
          onClick={() => apply.mutate(wanted)}
        >
          Apply
        </ActionButton>
        {isChanged && (
          <ActionButton
            variant="subtle"
            color="gray"
            onClick={() => {
              setChosen(null)
              setTypedCap(null)
            }}
          >
            Discard
          </ActionButton>
        )}
      </Group>
    </>
  )
}
