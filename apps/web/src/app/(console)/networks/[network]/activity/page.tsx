import type { Metadata } from 'next'
import { activityInput, activityPaging } from '~/features/activity/activity-input.ts'
import { ActivityList } from '~/features/activity/activity-list.tsx'
import { HydrateClient, prefetchFirst, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Activity' }

type Props = {
  params: Promise<{ network: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function NetworkActivityPage({ params, searchParams }: Props) {
  const [{ network }, filters] = [await params, await searchParams]
  await prefetchFirst(trpc.activity.list.infiniteQueryOptions(activityInput(network, filters), activityPaging))
  return (
    <HydrateClient>
      <ActivityList network={network} />
    </HydrateClient>
  )
}
