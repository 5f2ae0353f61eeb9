import type { Metadata } from 'next'
import { EditNetworkForm } from '~/features/network/edit-network-form.tsx'
import { NetworkSettings } from '~/features/network-settings/network-settings.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Settings' }

type Props = { params: Promise<{ network: string }>; searchParams: Promise<{ tab?: string | string[] }> }

export default async function SettingsPage({ params, searchParams }: Props) {
  const [{ network }, { tab }] = [await params, await searchParams]
  await Promise.all([
    prefetch(trpc.network.get.queryOptions({ id: network })),
    tab === 'sites' && prefetch(trpc.site.list.queryOptions({ network })),
    tab === 'join-keys' && prefetch(trpc.joinKey.list.queryOptions({ network })),
    tab === 'delete' && prefetch(trpc.network.previewDelete.queryOptions({ id: network })),
  ])
  return (
    <HydrateClient>
      <NetworkSettings network={network} general={<EditNetworkForm network={network} />} />
    </HydrateClient>
  )
}
