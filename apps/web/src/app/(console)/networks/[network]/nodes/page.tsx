import type { Metadata } from 'next'
import { NodeTable } from '~/features/nodes/node-table.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Nodes' }

export default async function NodesPage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  await Promise.all([
    prefetch(trpc.node.list.queryOptions({ network })),
    prefetch(trpc.site.list.queryOptions({ network })),
  ])
  return (
    <HydrateClient>
      <NodeTable network={network} />
    </HydrateClient>
  )
}
