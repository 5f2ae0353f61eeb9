import type { ReactNode } from 'react'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

type Props = { params: Promise<{ network: string }>; children: ReactNode }

/** A network of somebody else, or of nobody, is not found. */
export default async function NetworkLayout({ params, children }: Props) {
  const { network } = await params
  await prefetch(trpc.network.get.queryOptions({ id: network }))
  return <HydrateClient>{children}</HydrateClient>
}
