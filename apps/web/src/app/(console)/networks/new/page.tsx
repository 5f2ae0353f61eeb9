import type { Metadata } from 'next'
import { CreateNetworkForm } from '~/features/network/create-network-form.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Create network' }

export default async function NewNetworkPage() {
  await prefetch(trpc.network.propose.queryOptions({}))
  return (
    <HydrateClient>
      <CreateNetworkForm />
    </HydrateClient>
  )
}
