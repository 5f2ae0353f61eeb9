'use client'

import { QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { type ReactNode, useState } from 'react'
import type { AppRouter } from '~/server-bridge.ts'
import { paths } from '~/ui/paths.ts'
import { makeQueryClient } from './query-client.ts'

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

export { useTRPC, useTRPCClient }

/** Questions that carry all settings of a cluster, or a policy: too long for an address. */
const LONG = ['cluster.propose', 'cluster.previewUpdate', 'policy.matrix', 'policy.cells']

/** One cache and one connection for the whole console. */
export function TrpcReactProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => makeQueryClient(leaveWhenSignedOut))
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === 'subscription',
          true: httpSubscriptionLink({ url: '/trpc' }),
          false: splitLink({
            condition: (operation) => LONG.includes(operation.path),
            true: httpLink({ url: '/trpc', methodOverride: 'POST' }),
            false: httpBatchLink({ url: '/trpc', maxURLLength: 4000 }),
          }),
        }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}

/** A session that ended while a page was open: to the door, and back here afterwards. */
function leaveWhenSignedOut(error: unknown) {
  if (typeof window === 'undefined') return
  if ((error as { data?: { code?: string } }).data?.code !== 'UNAUTHORIZED') return
  window.location.assign(paths.signIn(window.location.pathname + window.location.search))
}
