import type { Metadata } from 'next'
import { Devices } from '~/features/devices/devices.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Devices' }

export default async function DevicesPage({ params }: { params: Promise<{ network: string }> }) {
  const { network } = await params
  await prefetch(trpc.device.list.queryOptions({ networkId: network }))
  return (
    <HydrateClient>
      <Devices network={network} />
    </HydrateClient>
  )
}
