'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { paths } from '~/ui/paths.ts'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { ActivityRow } from './activity-row.tsx'

const SHOWN = 8

/** What happened to one thing, the newest first: for its own page. */
export function SubjectActivity({ network, subject }: { network: string; subject: string }) {
  const events = useQuery(useTRPC().activity.list.queryOptions({ network, subjectId: subject, limit: SHOWN }))
  return (
    <Section
      title="Activity"
      actions={events.data?.nextCursor && <Link href={paths.activity(network, { subject })}>All of it</Link>}
    >
      {events.isError && !events.data ? (
        <ErrorPanel title="The activity could not be read" error={events.error} onRetry={() => void events.refetch()} />
      ) : !events.data ? (
        <SkeletonRows rows={4} height={44} />
      ) : events.data.rows.length === 0 ? (
        <p>Nothing has been changed yet.</p>
      ) : (
        events.data.rows.map((row) => <ActivityRow key={row.id} row={row} network={network} />)
      )}
    </Section>
  )
}
