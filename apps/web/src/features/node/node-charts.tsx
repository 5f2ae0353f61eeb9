'use client'

import { SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Section } from '~/ui/section.tsx'
import { Chart } from './chart.tsx'
import { CHARTS, RANGES, type Range } from './chart-spec.ts'
import classes from './node-charts.module.css'

const parser = parseAsStringLiteral(RANGES).withDefault('1h').withOptions({ history: 'push' })

/** As often as a new point can come: reports every 20 s on the shortest range, minutes on the others. */
const RENEW_MS: Record<Range, number> = { '1h': 20_000, '6h': 60_000, '24h': 120_000, '7d': 600_000, '30d': 600_000 }

/** What was measured on the machine over time; one cursor for all. */
export function NodeCharts({ id }: { id: string }) {
  const [range, setRange] = useQueryState('range', parser)
  const series = useQuery({
    ...useTRPC().node.series.queryOptions({ id, range }),
    placeholderData: keepPreviousData,
    refetchInterval: RENEW_MS[range],
  })
  return (
    <Section
      title="Measures"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Time range"
          data={[...RANGES]}
          value={range}
          onChange={(next) => void setRange(next as Range)}
        />
      }
    >
      {series.isError && !series.data ? (
        <ErrorPanel title="The measures could not be read" error={series.error} onRetry={() => void series.refetch()} />
      ) : (
        <div className={classes.charts} data-old={series.isPlaceholderData || undefined}>
          {CHARTS.map((spec) => (
            <Chart key={spec.id} spec={spec} series={series.data} range={range} group={`node-${id}`} />
          ))}
        </div>
      )}
    </Section>
  )
}
