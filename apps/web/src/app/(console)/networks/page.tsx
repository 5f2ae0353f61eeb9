import type { Metadata } from 'next'
import { NetworkTable } from '~/features/network/network-table.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Networks' }

export default async function NetworksPage() {
  await prefetch(trpc.network.list.queryOptions({}))
  return (
    <HydrateClient>
      <NetworkTable />
    </HydrateClient>
  )
}
