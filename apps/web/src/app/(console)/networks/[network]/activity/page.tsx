import type { Metadata } from 'next'
import { ActivityList } from '~/features/activity/activity-list.tsx'

export const metadata: Metadata = { title: 'Activity' }

export default async function NetworkActivityPage({ params }: { params: Promise<{ network: string }> }) {
  return <ActivityList network={(await params).network} />
}
