import type { Metadata } from 'next'
import { activityInput, activityPaging } from '~/features/activity/activity-input.ts'
import { ActivityList } from '~/features/activity/activity-list.tsx'
import { HydrateClient, prefetchFirst, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Activity' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ActivityPage({ searchParams }: Props) {
  const input = activityInput(undefined, await searchParams)
  await prefetchFirst(trpc.activity.list.infiniteQueryOptions(input, activityPaging))
  return (
    <HydrateClient>
      <ActivityList />
    </HydrateClient>
  )
}
