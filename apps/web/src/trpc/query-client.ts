import { defaultShouldDehydrateQuery, QueryCache, QueryClient } from '@tanstack/react-query'

/** Hints say when something changed, so nothing goes stale by the clock; 30 s covers a page that comes back from cache. */
export function makeQueryClient(onError?: (error: unknown) => void) {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && !isRefused(error),
      },
      dehydrate: {
        // A prefetch that a page did not wait for streams to the browser as it settles.
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === 'pending',
      },
    },
  })
}

/** The server has decided: asking again changes nothing. */
function isRefused(error: unknown): boolean {
  const status = (error as { data?: { httpStatus?: number } }).data?.httpStatus
  return status !== undefined && status >= 400 && status < 500
}
