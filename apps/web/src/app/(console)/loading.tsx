import { PageSkeleton } from '~/ui/skeleton-rows.tsx'

export default function Loading() {
  return <PageSkeleton />
}
