import type { Metadata } from 'next'
import { AddNode } from '~/features/add-node/add-node.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Add node' }

/** Making the invitation is the browser's: a page that is only fetched must change nothing. */
export default async function AddNodePage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  await Promise.all([
    prefetch(trpc.network.get.queryOptions({ id: network })),
    prefetch(trpc.site.list.queryOptions({ network })),
  ])
  return (
    <HydrateClient>
      <AddNode network={network} />
    </HydrateClient>
  )
}
