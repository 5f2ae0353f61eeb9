'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from './client.tsx'

/** The sites of a network, and one more made in place. */
export function useSites(network: string) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: sites } = useQuery(trpc.site.list.queryOptions({ network }))
  const { mutateAsync } = useMutation(trpc.site.create.mutationOptions())
  return {
    sites: sites ?? [],
    createSite: async (name: string): Promise<{ id: string; name: string }> => {
      const made = await mutateAsync({ networkId: network, name })
      await cache.invalidateQueries({ queryKey: trpc.site.list.queryKey({ network }) })
      return made
    },
  }
}
