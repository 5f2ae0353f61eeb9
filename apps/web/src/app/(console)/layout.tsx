import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Frame } from '~/features/frame/frame.tsx'
import { LiveSign } from '~/features/live/live-sign.tsx'
import { HydrateClient, prefetch, prefetchQuietly, trpc } from '~/trpc/server.tsx'

/** Everything behind the door. Who is not signed in never sees a byte of it. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const network = await networkOfPath()
  const [me] = await Promise.all([
    prefetch(trpc.me.get.queryOptions({})),
    network && prefetchQuietly(trpc.network.get.queryOptions({ id: network })),
  ])
  if (!me) throw new Error('The server did not say who you are.')
  return (
    <HydrateClient>
      <Frame freshness={<LiveSign />}>{children}</Frame>
    </HydrateClient>
  )
}

/** A layout does not get the parameters of the pages in it, and the frame names the network. */
async function networkOfPath(): Promise<string | undefined> {
  return /^\/networks\/([0-9a-f-]{36})/.exec((await headers()).get('x-spanwire-path') ?? '')?.[1]
}
