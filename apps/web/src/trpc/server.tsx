import 'server-only'
import {
  dehydrate,
  type FetchInfiniteQueryOptions,
  type FetchQueryOptions,
  HydrationBoundary,
  type QueryKey,
} from '@tanstack/react-query'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache, type ReactNode } from 'react'
import { type AppRouter, serverBridge } from '~/server-bridge.ts'
import { paths } from '~/ui/paths.ts'
import { makeQueryClient } from './query-client.ts'

const queryClientOfRequest = cache(() => makeQueryClient())

/** No HTTP: the server's own process runs the procedure, as the person whose cookie came with the page's request. */
const bridgeLink: TRPCLink<AppRouter> =
  () =>
  ({ op }) =>
    observable((observer) => {
      headers()
        .then((own) => serverBridge().call(op.path, op.type as 'query' | 'mutation', op.input, new Headers(own)))
        .then((data) => {
          // as the browser would get it: no Date, no undefined
          observer.next({ result: { data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)) } })
          observer.complete()
        })
        .catch((error) => observer.error(TRPCClientError.from(error)))
    })

export const trpcServer = createTRPCClient<AppRouter>({ links: [bridgeLink] })
export const trpc = createTRPCOptionsProxy<AppRouter>({ client: trpcServer, queryClient: queryClientOfRequest })

/** Reads on the server what a feature will read with the same options. Awaited, the page comes filled. */
export async function prefetch<T, E, D, K extends QueryKey>(options: FetchQueryOptions<T, E, D, K>): Promise<D | null> {
  try {
    return (await queryClientOfRequest().fetchQuery({ ...options, retry: false })) as D
  } catch (error) {
    const code = refusalCode(error)
    if (code === 'UNAUTHORIZED') redirect(await doorOf())
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST') notFound()
    // Anything else is asked again by the browser, where there is a place to say what happened.
    return null
  }
}

/** The first page of a list that goes on by scrolling; a failure is said where the list stands. */
export async function prefetchFirst<T, E, D, K extends QueryKey, P>(
  options: FetchInfiniteQueryOptions<T, E, D, K, P>,
): Promise<void> {
  await queryClientOfRequest().prefetchInfiniteQuery({ ...options, retry: false } as typeof options)
}

/** For what stands around a page: it must not decide whether the page is found. */
export async function prefetchQuietly<T, E, D, K extends QueryKey>(options: FetchQueryOptions<T, E, D, K>) {
  await queryClientOfRequest().prefetchQuery({ ...options, retry: false })
}

export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(queryClientOfRequest())}>{children}</HydrationBoundary>
}

/** First visit of all: make the owner. Otherwise: sign in, then come back here. */
export async function doorOf(): Promise<string> {
  const setup = await trpcServer.setup.state.query({}).catch(() => null)
  if (setup?.needed) return paths.setup()
  return paths.signIn((await headers()).get('x-spanwire-path') ?? undefined)
}

function refusalCode(error: unknown): string | undefined {
  const cause = error instanceof TRPCClientError ? (error.cause ?? error) : error
  return (
    (cause as { code?: string; data?: { code?: string } }).code ?? (error as { data?: { code?: string } }).data?.code
  )
}
