import type { ReactNode } from 'react'
import { Frame } from '~/features/frame/frame.tsx'
import { LiveSign } from '~/features/live/live-sign.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

/** Everything behind the door. Who is not signed in never sees a byte of it. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const me = await prefetch(trpc.me.get.queryOptions({}))
  if (!me) throw new Error('The server did not say who you are.')
  return (
    <HydrateClient>
      <Frame freshness={<LiveSign />}>{children}</Frame>
    </HydrateClient>
  )
}
