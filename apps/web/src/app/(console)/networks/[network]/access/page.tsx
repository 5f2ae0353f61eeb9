import type { Metadata } from 'next'
import { AccessView } from '~/features/access/access-view.tsx'
import { HydrateClient, prefetch, prefetchQuietly, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Access' }

type Props = { params: Promise<{ network: string }>; searchParams: Promise<{ tab?: string | string[] }> }

export default async function AccessPage({ params, searchParams }: Props) {
  const [{ network }, { tab }] = [await params, await searchParams]
  await Promise.all([
    prefetch(trpc.policy.get.queryOptions({ networkId: network })),
    tab === 'reach' &&
      prefetchQuietly(trpc.policy.matrix.queryOptions({ networkId: network, by: 'alike', family: '4' })),
    tab === 'versions' && prefetchQuietly(trpc.policy.versions.queryOptions({ networkId: network, limit: 200 })),
    tab === 'rules' && prefetchQuietly(trpc.policy.activity.queryOptions({ networkId: network, hours: 1 })),
  ])
  return (
    <HydrateClient>
      <AccessView network={network} />
    </HydrateClient>
  )
}
