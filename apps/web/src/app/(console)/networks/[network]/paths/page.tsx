import type { Metadata } from 'next'
import { matrixInput } from '~/features/paths/matrix-input.ts'
import { PathsView } from '~/features/paths/paths-view.tsx'
import { HydrateClient, prefetch, prefetchQuietly, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Paths' }

type Props = { params: Promise<{ network: string }>; searchParams: Promise<{ site?: string | string[] }> }

/** More pairs would make the page itself heavy: the browser asks for them when it stands. */
const MOST_NODES = 60

export default async function PathsPage({ params, searchParams }: Props) {
  const [{ network }, { site }] = [await params, await searchParams]
  const row = await prefetch(trpc.network.get.queryOptions({ id: network }))
  if (row && row.counts.nodes <= MOST_NODES) {
    await prefetchQuietly(trpc.paths.matrix.queryOptions(matrixInput(network, typeof site === 'string' ? site : null)))
  }
  return (
    <HydrateClient>
      <PathsView network={network} />
    </HydrateClient>
  )
}
