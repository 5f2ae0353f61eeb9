import type { Metadata } from 'next'
import { TopologyView } from '~/features/topology/topology-view.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Topology' }

/** More nodes than this would make the page itself megabytes: the browser asks for them when the page stands. */
const INLINE_AT_MOST = 300

export default async function TopologyPage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  const found = await prefetch(trpc.network.get.queryOptions({ id: network }))
  if (found && found.counts.nodes <= INLINE_AT_MOST) await prefetch(trpc.topology.get.queryOptions({ network }))
  return (
    <HydrateClient>
      <TopologyView network={network} />
    </HydrateClient>
  )
}
