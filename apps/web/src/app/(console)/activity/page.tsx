import type { Metadata } from 'next'
import { ActivityList } from '~/features/activity/activity-list.tsx'

export const metadata: Metadata = { title: 'Activity' }

export default function ActivityPage() {
  return <ActivityList />
}
