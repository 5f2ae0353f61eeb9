import type { Metadata } from 'next'
import { ClusterView } from '~/features/cluster/cluster-view.tsx'
import { HydrateClient, prefetch, prefetchQuietly, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Cluster' }

type Props = { params: Promise<{ network: string }>; searchParams: Promise<{ make?: string | string[] }> }

export default async function ClusterRoute({ params, searchParams }: Props) {
  const [{ network }, { make }] = [await params, await searchParams]
  await Promise.all([
    prefetch(trpc.cluster.get.queryOptions({ networkId: network })),
    make === 'true' && prefetchQuietly(trpc.cluster.propose.queryOptions({ networkId: network })),
  ])
  return (
    <HydrateClient>
      <ClusterView network={network} />
    </HydrateClient>
  )
}
