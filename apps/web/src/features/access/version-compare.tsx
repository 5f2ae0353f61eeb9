'use client'

import { CloseButton, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { DiffLines } from '~/ui/diff-lines.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import classes from './access.module.css'
import { ReachChanges } from './reach-changes.tsx'

type Props = {
  network: string
  /** 0: no policy */
  from: number
  to: number
  numbers: readonly number[]
  onPair: (from: number, to: number) => void
  onClose: () => void
}

/** Two versions: their lines, and who gains and loses what between them in the network of today. */
export function VersionCompare({ network, from, to, numbers, onPair, onClose }: Props) {
  const query = useQuery(useTRPC().policy.compare.queryOptions({ networkId: network, from, to }))
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => top.current?.scrollIntoView({ block: 'nearest' }), [])
  const named = numbers.map((number) => ({ value: String(number), label: `Version ${number}` }))
  return (
    <div ref={top}>
      <Section
        title={from === 0 ? `Version ${to}, and no policy` : `Versions ${from} and ${to}`}
        text="Who gains and loses is told for the network as it is today."
        actions={<CloseButton aria-label="Close the comparison" onClick={onClose} />}
      >
        <div className={classes.tools}>
          <NativeSelect
            label="From"
            data={[{ value: '0', label: 'No policy' }, ...named]}
            value={String(from)}
            onChange={(event) => onPair(Number(event.currentTarget.value), to)}
          />
          <NativeSelect
            label="To"
            data={named}
            value={String(to)}
            onChange={(event) => onPair(from, Number(event.currentTarget.value))}
          />
        </div>
        {query.isError && !query.data ? (
          <ErrorPanel title="They could not be compared" error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <SkeletonRows rows={6} height={32} />
        ) : (
          <>
            <DiffLines lines={query.data.lines} label="What changed in the text" />
            <ReachChanges title="Lost" kind="lost" changes={query.data.lost} more={query.data.more.lost} />
            <ReachChanges title="Gained" kind="gained" changes={query.data.gained} more={query.data.more.gained} />
          </>
        )}
      </Section>
    </div>
  )
}
