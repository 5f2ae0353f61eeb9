import type { Metadata } from 'next'
import { TopologyView } from '~/features/topology/topology-view.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Topology' }

export default async function TopologyPage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  await prefetch(trpc.topology.get.queryOptions({ network }))
  return (
    <HydrateClient>
      <TopologyView network={network} />
    </HydrateClient>
  )
}
