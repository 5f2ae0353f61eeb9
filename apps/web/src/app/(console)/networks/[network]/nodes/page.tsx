import type { Metadata } from 'next'
import { NodeTable } from '~/features/nodes/node-table.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Nodes' }

/** More nodes than this would make the page itself megabytes: the browser asks for them when the page stands. */
const INLINE_AT_MOST = 300

export default async function NodesPage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  const found = await prefetch(trpc.network.get.queryOptions({ id: network }))
  await Promise.all([
    found && found.counts.nodes <= INLINE_AT_MOST && prefetch(trpc.node.list.queryOptions({ network })),
    prefetch(trpc.site.list.queryOptions({ network })),
  ])
  return (
    <HydrateClient>
      <NodeTable network={network} />
    </HydrateClient>
  )
}
