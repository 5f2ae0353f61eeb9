import type { Metadata } from 'next'
import { AddNode } from '~/features/add-node/add-node.tsx'
import { HydrateClient, prefetch, prefetchQuietly, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Add node' }

type Props = { params: Promise<{ network: string }>; searchParams: Promise<{ node?: string | string[] }> }

/** Making the invitation is the browser's: a page that is only fetched must change nothing. */
export default async function AddNodePage({ params, searchParams }: Props) {
  const [{ network }, { node }] = [await params, await searchParams]
  await Promise.all([
    prefetch(trpc.network.get.queryOptions({ id: network })),
    prefetch(trpc.site.list.queryOptions({ network })),
    prefetchQuietly(trpc.cluster.get.queryOptions({ networkId: network })),
    // One that is gone is said on the page, with the way to another.
    typeof node === 'string' && prefetchQuietly(trpc.node.get.queryOptions({ id: node })),
    typeof node === 'string' && prefetchQuietly(trpc.node.ledger.queryOptions({ id: node })),
  ])
  return (
    <HydrateClient>
      <AddNode network={network} />
    </HydrateClient>
  )
}
